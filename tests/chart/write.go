package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// namespace is where everything is rendered for.
const namespace = "registry"

// writeCase writes a manifest for the tools beside this one, in a folder of its own:
//
//	name, fails       its name, and the checks that must find it, a line each
//	manifest.yaml     the manifest
//	namespaced.yaml   the same, with the namespace in each object, as the cluster has it when it asks Kyverno
//	context.yaml      what Kyverno's CLI finds where a policy lists NetworkPolicies
func writeCase(folder string, name string, fails []string, text string) error {
	read, err := readManifest([]byte(text))
	if err != nil {
		return err
	}
	// Without one, the CLI takes NetworkPolicies for a kind that the cluster does not have.
	known := []any{map[string]any{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy",
		"metadata": map[string]any{"name": "elsewhere", "namespace": "elsewhere"},
		"spec":     map[string]any{"podSelector": map[string]any{}},
	}}
	var objects []string
	for _, of := range read.objects {
		of.SetNamespace(namespace)
		object, err := yaml.Marshal(of.Object)
		if err != nil {
			return err
		}
		objects = append(objects, string(object))
		if of.GetKind() == "NetworkPolicy" {
			known = append(known, of.Object)
		}
	}
	context, err := yaml.Marshal(map[string]any{
		"apiVersion": "cli.kyverno.io/v1alpha1", "kind": "Context",
		"metadata": map[string]any{"name": "cluster"}, "spec": map[string]any{"resources": known},
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for file, content := range map[string]string{
		"name": name + "\n", "fails": strings.Join(append(fails, ""), "\n"), "manifest.yaml": text,
		"namespaced.yaml": strings.Join(objects, "---\n"), "context.yaml": string(context),
	} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// write writes all cases: broken ones under their numbers, renders under their names.
func (j *judge) write(options options) error {
	if options.renders != "" {
		entries, err := os.ReadDir(options.renders)
		if err != nil {
			return err
		}
		newest := j.versions[len(j.versions)-1].version
		for _, entry := range entries {
			text, err := os.ReadFile(filepath.Join(options.renders, entry.Name(), newest+".yaml"))
			if err != nil {
				return err
			}
			if err := writeCase(filepath.Join(options.write, entry.Name()), entry.Name(), nil, string(text)); err != nil {
				return fmt.Errorf("%s: %w", entry.Name(), err)
			}
		}
	}
	if options.broken == "" {
		return nil
	}
	cases, err := readBroken(options.broken)
	if err != nil {
		return err
	}
	for index, broken := range cases {
		if err := writeCase(filepath.Join(options.write, fmt.Sprintf("broken-%02d", index)), broken.Name, broken.Fails, broken.Text); err != nil {
			return fmt.Errorf("broken.yaml: %s: %w", broken.Name, err)
		}
	}
	return nil
}
