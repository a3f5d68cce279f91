package main

import (
	"fmt"

	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metavalidation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// badNames finds names, labels and annotations that the API server refuses, of objects and of their pods.
func badNames(objects []object) []string {
	var found []string
	for _, of := range objects {
		rule := apivalidation.NameIsDNSSubdomain
		if of.GetKind() == "Service" {
			rule = apivalidation.NameIsDNS1035Label
		}
		for _, fault := range rule(of.GetName(), false) {
			found = append(found, fmt.Sprintf("%s: metadata.name: %s", of, fault))
		}
		found = append(found, badMarks(of.String(), "metadata", of.GetLabels(), of.GetAnnotations())...)
	}
	pods, faults := podsOf(objects)
	for _, pod := range pods {
		found = append(found, badMarks(pod.of.String()+"'s pod", "metadata", pod.meta.Labels, pod.meta.Annotations)...)
	}
	return append(found, faults...)
}

// badMarks finds labels and annotations that are refused.
func badMarks(of, path string, labels, annotations map[string]string) []string {
	var found []string
	faults := metavalidation.ValidateLabels(labels, field.NewPath(path, "labels"))
	faults = append(faults, apivalidation.ValidateAnnotations(annotations, field.NewPath(path, "annotations"))...)
	for _, fault := range faults {
		found = append(found, fmt.Sprintf("%s: %v", of, fault))
	}
	return found
}
