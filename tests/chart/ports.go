package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// looseProbes finds probes of ports that the container does not declare.
func looseProbes(pod pod) []string {
	var found []string
	for _, container := range pod.containers() {
		for name, probe := range map[string]*corev1.Probe{
			"startup": container.StartupProbe, "liveness": container.LivenessProbe, "readiness": container.ReadinessProbe,
		} {
			if probe == nil {
				continue
			}
			var port *intstr.IntOrString
			if probe.HTTPGet != nil {
				port = &probe.HTTPGet.Port
			} else if probe.TCPSocket != nil {
				port = &probe.TCPSocket.Port
			}
			if port != nil && !declares(container, *port) {
				found = append(found, fmt.Sprintf("%s: the %s probe asks the port %s, which the container %s does not declare", pod.of, name, port.String(), container.Name))
			}
		}
	}
	return found
}

// declares says whether a container declares a port, by its name or by its number.
func declares(container corev1.Container, port intstr.IntOrString) bool {
	for _, declared := range container.Ports {
		if port.Type == intstr.String && declared.Name == port.StrVal ||
			port.Type == intstr.Int && declared.ContainerPort == port.IntVal {
			return true
		}
	}
	return false
}
