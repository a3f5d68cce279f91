package main

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// pod is what runs, and the object that it comes from.
type pod struct {
	of   object
	meta metav1.ObjectMeta
	spec corev1.PodSpec
}

// podPaths says where a kind keeps its pod's template. What is not here makes no pods.
var podPaths = map[string][]string{
	"Pod":         {},
	"Deployment":  {"spec", "template"},
	"StatefulSet": {"spec", "template"},
	"DaemonSet":   {"spec", "template"},
	"ReplicaSet":  {"spec", "template"},
	"Job":         {"spec", "template"},
	"CronJob":     {"spec", "jobTemplate", "spec", "template"},
}

// podOf is the pod that an object makes, if its kind makes any.
func podOf(from object) (*pod, error) {
	path, makes := podPaths[from.GetKind()]
	if !makes {
		return nil, nil
	}
	template := from.Object
	if len(path) > 0 {
		found, there, err := unstructured.NestedMap(from.Object, path...)
		if err != nil || !there {
			return nil, fmt.Errorf("%s has no template of a pod", from)
		}
		template = found
	}
	var typed corev1.PodTemplateSpec
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(template, &typed); err != nil {
		return nil, fmt.Errorf("%s: its pod cannot be read: %w", from, err)
	}
	return &pod{of: from, meta: typed.ObjectMeta, spec: typed.Spec}, nil
}

// podsOf are all pods of a manifest, and what could not be read.
func podsOf(objects []object) (pods []pod, faults []string) {
	for _, from := range objects {
		found, err := podOf(from)
		if err != nil {
			faults = append(faults, err.Error())
		} else if found != nil {
			pods = append(pods, *found)
		}
	}
	return pods, faults
}

// containers are all containers, those that run first too.
func (p pod) containers() []corev1.Container {
	return append(append([]corev1.Container{}, p.spec.InitContainers...), p.spec.Containers...)
}
