package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/yaml"
)

// policyKind is the kind of Kyverno's that ours are: of one namespace, so that no other workload of the cluster is judged.
const policyKind = "NamespacedValidatingPolicy"

// policy is one of ours for Kyverno, as far as it is evaluated here. What a policy may say besides is refused when it is
// read: passing over it would be a verdict on another policy.
type policy struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name        string            `json:"name"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec policySpec `json:"spec"`

	compiled *compiledPolicy
}

// policySpec is what a policy says: when it is asked, of what, and what must hold.
type policySpec struct {
	ValidationActions []string `json:"validationActions"`
	FailurePolicy     string   `json:"failurePolicy"`
	MatchConstraints  struct {
		ResourceRules []resourceRule `json:"resourceRules"`
	} `json:"matchConstraints"`
	Variables []struct {
		Name       string `json:"name"`
		Expression string `json:"expression"`
	} `json:"variables"`
	Validations []struct {
		Expression string `json:"expression"`
		Message    string `json:"message"`
	} `json:"validations"`
}

// resourceRule names resources, as the API server's admission does.
type resourceRule struct {
	APIGroups   []string `json:"apiGroups"`
	APIVersions []string `json:"apiVersions"`
	Operations  []string `json:"operations"`
	Resources   []string `json:"resources"`
}

// readPolicies reads and compiles the policies of a folder.
func readPolicies(folder string) ([]*policy, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		return nil, err
	}
	var policies []*policy
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		read := &policy{}
		if err := yaml.UnmarshalStrict(text, read); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if read.Kind != policyKind {
			return nil, fmt.Errorf("%s: its kind is %q, and only %s is evaluated here", path, read.Kind, policyKind)
		}
		if read.compiled, err = compilePolicy(read.Spec); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		policies = append(policies, read)
	}
	if len(policies) == 0 {
		return nil, fmt.Errorf("%s: no policy in files *.yaml", folder)
	}
	return policies, nil
}

// matches says whether a policy is about an object, when that is created.
func (p *policy) matches(of object) bool {
	kind := of.GroupVersionKind()
	plural, _ := meta.UnsafeGuessKindToResource(kind)
	return slices.ContainsFunc(p.Spec.MatchConstraints.ResourceRules, func(rule resourceRule) bool {
		return slices.Contains(rule.Operations, "CREATE") && slices.Contains(rule.APIGroups, kind.Group) &&
			slices.Contains(rule.APIVersions, kind.Version) && slices.Contains(rule.Resources, plural.Resource)
	})
}

// find judges what the policy is about. How many that is, is told: a policy that nothing meets has judged nothing.
func (p *policy) find(objects []object) (judged int, found []string) {
	for _, of := range objects {
		if !p.matches(of) {
			continue
		}
		judged++
		messages, err := p.compiled.evaluate(of, objects)
		if err != nil {
			found = append(found, fmt.Sprintf("%s: %v", of, err))
		} else if len(messages) > 0 {
			found = append(found, fmt.Sprintf("%s: %s", of, strings.Join(messages, "; ")))
		}
	}
	return judged, found
}
