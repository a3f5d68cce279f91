package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

// kubernetes is one version's API, by its published OpenAPI document.
type kubernetes struct {
	version string
	kinds   map[schema.GroupVersionKind]string
	closing *closing
}

// readKubernetes reads the versions that a folder holds, the oldest first.
func readKubernetes(folder string) ([]*kubernetes, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "kubernetes-*.json"))
	if err != nil {
		return nil, err
	}
	if len(paths) < 2 {
		return nil, fmt.Errorf("%s: %d files kubernetes-VERSION.json, where two are the least", folder, len(paths))
	}
	var versions []*kubernetes
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		definitions, err := readDefinitions(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "kubernetes-"), ".json")
		if _, err := version.ParseSemantic(name); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		versions = append(versions, &kubernetes{version: name, kinds: kindsOf(definitions), closing: newClosing(definitions)})
	}
	slices.SortFunc(versions, func(a, b *kubernetes) int {
		if version.MustParseSemantic(a.version).LessThan(version.MustParseSemantic(b.version)) {
			return -1
		}
		return 1
	})
	return versions, nil
}

// kindsOf finds the definition of each kind. What is of many kinds, such as the options of a deletion, is no object.
func kindsOf(definitions spec.Definitions) map[schema.GroupVersionKind]string {
	kinds := map[schema.GroupVersionKind]string{}
	for name, definition := range definitions {
		marks, _ := definition.Extensions[groupKinds].([]any)
		if len(marks) != 1 {
			continue
		}
		if mark, is := marks[0].(map[string]any); is {
			group, _ := mark["group"].(string)
			of, _ := mark["version"].(string)
			kind, _ := mark["kind"].(string)
			kinds[schema.GroupVersionKind{Group: group, Version: of, Kind: kind}] = name
		}
	}
	return kinds
}

// builtIn says whether an object is of Kubernetes itself: a group without a domain, or one of its own domain.
func builtIn(of object) bool {
	group := of.GroupVersionKind().Group
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
}

// find judges the objects that are of Kubernetes itself.
func (k *kubernetes) find(objects []object) []string {
	var found []string
	for _, of := range objects {
		if !builtIn(of) {
			continue
		}
		name, known := k.kinds[of.GroupVersionKind()]
		if !known {
			found = append(found, fmt.Sprintf("%s: Kubernetes %s has no kind %s of %s", of, k.version, of.GetKind(), of.GetAPIVersion()))
			continue
		}
		closed, err := k.closing.named(name)
		if err != nil {
			found = append(found, fmt.Sprintf("%s: %v", of, err))
			continue
		}
		for _, fault := range validated(&closed, of.Object) {
			found = append(found, fmt.Sprintf("%s: %s", of, fault))
		}
	}
	return found
}
