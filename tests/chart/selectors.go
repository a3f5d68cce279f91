package main

import (
	"fmt"
	"slices"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// looseSelectors finds objects that select nothing, or name a port that nothing has.
func looseSelectors(objects []object, pods []pod) []string {
	var found []string
	for _, of := range objects {
		if fault := looseSelector(of, objects, pods); fault != "" {
			found = append(found, fmt.Sprintf("%s: %s", of, fault))
		}
	}
	return found
}

// looseSelector says what is wrong with one object; empty where nothing is.
func looseSelector(of object, objects []object, pods []pod) string {
	switch of.GetKind() {
	case "Service":
		return typed(of, func(service *corev1.Service) string { return looseService(service, pods) })
	case "PodDisruptionBudget":
		return typed(of, func(budget *policyv1.PodDisruptionBudget) string { return selectsNone(budget.Spec.Selector, pods) })
	case "NetworkPolicy":
		return typed(of, func(policy *networkingv1.NetworkPolicy) string { return selectsNone(&policy.Spec.PodSelector, pods) })
	case "HorizontalPodAutoscaler":
		return typed(of, func(scaler *autoscalingv2.HorizontalPodAutoscaler) string { return looseScaler(scaler, objects) })
	case "Ingress":
		return typed(of, func(ingress *networkingv1.Ingress) string { return looseIngress(ingress, objects) })
	case "Deployment", "StatefulSet", "DaemonSet":
		return looseOwner(of)
	case "ServiceMonitor":
		return looseMonitor(of, objects)
	default:
		return ""
	}
}

// typed reads an object as its type, for what looks at it.
func typed[T any](of object, look func(*T) string) string {
	read := new(T)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(of.Object, read); err != nil {
		return fmt.Sprintf("it cannot be read: %v", err)
	}
	return look(read)
}

// selectsNone says so where a selector selects no pod of the render.
func selectsNone(selector *metav1.LabelSelector, pods []pod) string {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return fmt.Sprintf("its selector is none: %v", err)
	}
	if len(selected(parsed, pods)) == 0 {
		return fmt.Sprintf("it selects no pod: %s", parsed)
	}
	return ""
}

// selected are the pods that a selector means.
func selected(selector labels.Selector, pods []pod) []pod {
	return slices.DeleteFunc(slices.Clone(pods), func(pod pod) bool { return !selector.Matches(labels.Set(pod.meta.Labels)) })
}

// looseService says so where a Service leads to no pod, or to a port that some pod of it does not have.
func looseService(service *corev1.Service, pods []pod) string {
	meant := selected(labels.SelectorFromSet(service.Spec.Selector), pods)
	if len(service.Spec.Selector) == 0 || len(meant) == 0 {
		return "it selects no pod"
	}
	for _, port := range service.Spec.Ports {
		target := port.TargetPort
		if target == (intstr.IntOrString{}) {
			target = intstr.FromInt32(port.Port)
		}
		for _, pod := range meant {
			if !slices.ContainsFunc(pod.spec.Containers, func(c corev1.Container) bool { return declares(c, target) }) {
				return fmt.Sprintf("its port %s goes to %s, which %s, one of those it selects, does not declare", port.Name, target.String(), pod.of)
			}
		}
	}
	return ""
}

// looseScaler says so where nothing is scaled, or where the scaling is undone by each upgrade.
func looseScaler(scaler *autoscalingv2.HorizontalPodAutoscaler, objects []object) string {
	target := scaler.Spec.ScaleTargetRef
	for _, of := range objects {
		if of.GetKind() == target.Kind && of.GetName() == target.Name && of.GetAPIVersion() == target.APIVersion {
			if _, set, _ := unstructured.NestedFieldNoCopy(of.Object, "spec", "replicas"); set {
				return fmt.Sprintf("it scales %s, which says its replicas too: each upgrade would undo the scaling", of)
			}
			return ""
		}
	}
	return fmt.Sprintf("it scales %s/%s, which is not rendered", target.Kind, target.Name)
}

// looseIngress says so where an Ingress leads to no Service.
func looseIngress(ingress *networkingv1.Ingress, objects []object) string {
	for _, rule := range ingress.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		for _, path := range rule.HTTP.Paths {
			backend := path.Backend.Service
			if backend != nil && !slices.ContainsFunc(objects, func(of object) bool { return of.GetKind() == "Service" && of.GetName() == backend.Name }) {
				return fmt.Sprintf("it leads to Service/%s, which is not rendered", backend.Name)
			}
		}
	}
	return ""
}

// looseOwner says so where the pods of a workload would not be its own.
func looseOwner(of object) string {
	own, err := podOf(of)
	if err != nil || own == nil {
		return ""
	}
	selector := &metav1.LabelSelector{}
	read, _, _ := unstructured.NestedMap(of.Object, "spec", "selector")
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(read, selector); err != nil {
		return fmt.Sprintf("its selector cannot be read: %v", err)
	}
	if fault := selectsNone(selector, []pod{*own}); fault != "" {
		return "of its own pods " + fault
	}
	return ""
}

// looseMonitor says so where Prometheus would find no port to ask.
func looseMonitor(of object, objects []object) string {
	selector := &metav1.LabelSelector{}
	read, _, _ := unstructured.NestedMap(of.Object, "spec", "selector")
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(read, selector); err != nil {
		return fmt.Sprintf("its selector cannot be read: %v", err)
	}
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	if err != nil {
		return fmt.Sprintf("its selector is none: %v", err)
	}
	ports := map[string]bool{}
	for _, service := range objects {
		if service.GetKind() == "Service" && parsed.Matches(labels.Set(service.GetLabels())) {
			typed(service, func(service *corev1.Service) string {
				for _, port := range service.Spec.Ports {
					ports[port.Name] = true
				}
				return ""
			})
		}
	}
	endpoints, _, _ := unstructured.NestedSlice(of.Object, "spec", "endpoints")
	for _, endpoint := range endpoints {
		if endpoint, is := endpoint.(map[string]any); is {
			if port, set, _ := unstructured.NestedString(endpoint, "port"); set && !ports[port] {
				return fmt.Sprintf("no Service that it selects has a port %s", port)
			}
		}
	}
	return ""
}
