package main

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// references judges whether what a pod refers to is there: rendered, or named by the values, as a Secret is that
// somebody else makes.
func references(objects []object, named map[string]bool) []string {
	pods, found := podsOf(objects)
	for _, pod := range pods {
		for _, refers := range referencesOf(pod) {
			if fault := refers.fault(objects, named); fault != "" {
				found = append(found, fmt.Sprintf("%s: %s", pod.of, fault))
			}
		}
		found = append(found, looseMounts(pod)...)
		found = append(found, looseProbes(pod)...)
	}
	return append(found, looseSelectors(objects, pods)...)
}

// reference is one name that a pod uses, and the keys that it wants of it.
type reference struct {
	kind, name string
	keys       []string
}

// referencesOf are the names that a pod uses, but those that it says it can do without.
func referencesOf(pod pod) []reference {
	used := []reference{}
	if account := pod.spec.ServiceAccountName; account != "" && account != "default" {
		used = append(used, reference{kind: "ServiceAccount", name: account})
	}
	for _, pull := range pod.spec.ImagePullSecrets {
		used = append(used, reference{kind: "Secret", name: pull.Name})
	}
	for _, volume := range pod.spec.Volumes {
		used = append(used, ofVolume(volume)...)
	}
	for _, container := range pod.containers() {
		used = append(used, ofEnvironment(container)...)
	}
	return used
}

// ofVolume are the names that a volume is made of.
func ofVolume(volume corev1.Volume) []reference {
	var used []reference
	if secret := volume.Secret; secret != nil && !isTrue(secret.Optional) {
		used = append(used, reference{"Secret", secret.SecretName, keysOf(secret.Items)})
	}
	if config := volume.ConfigMap; config != nil && !isTrue(config.Optional) {
		used = append(used, reference{"ConfigMap", config.Name, keysOf(config.Items)})
	}
	if claim := volume.PersistentVolumeClaim; claim != nil {
		used = append(used, reference{kind: "PersistentVolumeClaim", name: claim.ClaimName})
	}
	if csi := volume.CSI; csi != nil && csi.VolumeAttributes["secretProviderClass"] != "" {
		used = append(used, reference{kind: "SecretProviderClass", name: csi.VolumeAttributes["secretProviderClass"]})
	}
	if projected := volume.Projected; projected != nil {
		for _, source := range projected.Sources {
			if secret := source.Secret; secret != nil && !isTrue(secret.Optional) {
				used = append(used, reference{"Secret", secret.Name, keysOf(secret.Items)})
			}
			if config := source.ConfigMap; config != nil && !isTrue(config.Optional) {
				used = append(used, reference{"ConfigMap", config.Name, keysOf(config.Items)})
			}
		}
	}
	return used
}

// ofEnvironment are the names that a container's variables come from.
func ofEnvironment(container corev1.Container) []reference {
	var used []reference
	for _, from := range container.EnvFrom {
		if secret := from.SecretRef; secret != nil && !isTrue(secret.Optional) {
			used = append(used, reference{kind: "Secret", name: secret.Name})
		}
		if config := from.ConfigMapRef; config != nil && !isTrue(config.Optional) {
			used = append(used, reference{kind: "ConfigMap", name: config.Name})
		}
	}
	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			continue
		}
		if secret := variable.ValueFrom.SecretKeyRef; secret != nil && !isTrue(secret.Optional) {
			used = append(used, reference{"Secret", secret.Name, []string{secret.Key}})
		}
		if config := variable.ValueFrom.ConfigMapKeyRef; config != nil && !isTrue(config.Optional) {
			used = append(used, reference{"ConfigMap", config.Name, []string{config.Key}})
		}
	}
	return used
}

// isTrue reads a flag that need not be there.
func isTrue(flag *bool) bool { return flag != nil && *flag }

// keysOf are the keys that a volume takes out of what it mounts; none means all that there are.
func keysOf(items []corev1.KeyToPath) []string {
	var keys []string
	for _, item := range items {
		keys = append(keys, item.Key)
	}
	return keys
}

// fault says what is wrong with a reference; empty where nothing is.
func (r reference) fault(objects []object, named map[string]bool) string {
	for _, candidate := range objects {
		keys, all, is := provides(candidate, r.kind, r.name)
		if !is {
			continue
		}
		for _, key := range r.keys {
			if all && !slices.Contains(keys, key) {
				return fmt.Sprintf("it refers to the key %s of %s/%s, which has no such key", key, r.kind, r.name)
			}
		}
		return ""
	}
	if named[r.name] {
		return ""
	}
	return fmt.Sprintf("it refers to %s/%s, which is neither rendered nor named in the values", r.kind, r.name)
}

// provides says whether an object is, or will make, what is referred to; its keys, and whether these are all.
func provides(candidate object, kind, name string) (keys []string, all, is bool) {
	if candidate.GetKind() == kind && candidate.GetName() == name {
		for _, field := range []string{"data", "stringData", "binaryData"} {
			content, _, _ := unstructured.NestedMap(candidate.Object, field)
			for key := range content {
				keys = append(keys, key)
			}
		}
		return keys, true, true
	}
	if kind == "Secret" && candidate.GetKind() == "ExternalSecret" {
		target, set, _ := unstructured.NestedString(candidate.Object, "spec", "target", "name")
		if !set {
			target = candidate.GetName()
		}
		entries, _, _ := unstructured.NestedSlice(candidate.Object, "spec", "data")
		for _, entry := range entries {
			if entry, is := entry.(map[string]any); is {
				key, _, _ := unstructured.NestedString(entry, "secretKey")
				keys = append(keys, key)
			}
		}
		_, more, _ := unstructured.NestedSlice(candidate.Object, "spec", "dataFrom")
		return keys, !more, target == name
	}
	return nil, false, false
}

// looseMounts finds mounts of volumes that are not there, two mounts in one place, and a variable that is set twice.
func looseMounts(pod pod) []string {
	var found []string
	volumes := map[string]bool{}
	for _, volume := range pod.spec.Volumes {
		volumes[volume.Name] = true
	}
	for _, container := range pod.containers() {
		places, variables := map[string]bool{}, map[string]bool{}
		for _, mount := range container.VolumeMounts {
			if !volumes[mount.Name] {
				found = append(found, fmt.Sprintf("%s: the container %s mounts %s, which is no volume of the pod", pod.of, container.Name, mount.Name))
			}
			if places[mount.MountPath] {
				found = append(found, fmt.Sprintf("%s: the container %s mounts two volumes at %s", pod.of, container.Name, mount.MountPath))
			}
			places[mount.MountPath] = true
		}
		for _, variable := range container.Env {
			if variables[variable.Name] {
				found = append(found, fmt.Sprintf("%s: the container %s sets %s twice", pod.of, container.Name, variable.Name))
			}
			variables[variable.Name] = true
		}
	}
	return found
}
