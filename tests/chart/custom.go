package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kube-openapi/pkg/validation/spec"
	"sigs.k8s.io/yaml"
)

// custom are the kinds that others define, each by its CRD.
type custom map[schema.GroupVersionKind]spec.Schema

// definition is what we read of a CRD.
type definition struct {
	Spec struct {
		Group string `json:"group"`
		Names struct {
			Kind string `json:"kind"`
		} `json:"names"`
		Versions []struct {
			Name   string `json:"name"`
			Served bool   `json:"served"`
			Schema struct {
				OpenAPIV3Schema spec.Schema `json:"openAPIV3Schema"`
			} `json:"schema"`
		} `json:"versions"`
	} `json:"spec"`
}

// readCustom reads the CRDs of some folders; an empty name is none.
func readCustom(folders ...string) (custom, error) {
	var paths []string
	for _, folder := range folders {
		if folder == "" {
			continue
		}
		more, err := filepath.Glob(filepath.Join(folder, "crd-*.yaml"))
		if err != nil {
			return nil, err
		}
		if len(more) == 0 {
			return nil, fmt.Errorf("%s: no CRD in files crd-*.yaml", folder)
		}
		paths = append(paths, more...)
	}
	kinds := custom{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var read definition
		if err := yaml.Unmarshal(text, &read); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		for _, version := range read.Spec.Versions {
			if !version.Served {
				continue
			}
			root := version.Schema.OpenAPIV3Schema
			// A CRD says of metadata only that it is an object; its fields are judged with the names.
			closed, err := newClosing(nil).close(root)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			kinds[schema.GroupVersionKind{Group: read.Spec.Group, Version: version.Name, Kind: read.Spec.Names.Kind}] = closed
		}
	}
	return kinds, nil
}

// find judges the custom objects whose CRD we have.
func (c custom) find(objects []object) []string {
	var found []string
	for _, of := range objects {
		if known, is := c[of.GroupVersionKind()]; is {
			for _, fault := range validated(&known, of.Object) {
				found = append(found, fmt.Sprintf("%s: %s", of, fault))
			}
		} else if c.hasGroup(of.GroupVersionKind().Group) {
			found = append(found, fmt.Sprintf("%s: no CRD serves %s of %s", of, of.GetKind(), of.GetAPIVersion()))
		}
	}
	return found
}

// hasGroup says whether some CRD is of that group: then a kind that none serves is a fault.
func (c custom) hasGroup(group string) bool {
	for kind := range c {
		if kind.Group == group {
			return true
		}
	}
	return false
}

// notJudged names the kinds for which nobody gave us a schema.
func (c custom) notJudged(objects []object) []string {
	var names []string
	for _, of := range objects {
		group := of.GroupVersionKind().Group
		if !builtIn(of) && !c.hasGroup(group) {
			names = append(names, of.String())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
