package main

import (
	"fmt"

	"k8s.io/pod-security-admission/api"
	podsecurity "k8s.io/pod-security-admission/policy"
)

// restricted judges pods by the strictest Pod Security Standard, in the version that the library knows as its latest.
func restricted() (func([]object) []string, error) {
	evaluator, err := podsecurity.NewEvaluator(podsecurity.DefaultChecks(), nil)
	if err != nil {
		return nil, err
	}
	level := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	return func(objects []object) []string {
		pods, found := podsOf(objects)
		for _, pod := range pods {
			verdict := podsecurity.AggregateCheckResults(evaluator.EvaluatePod(level, &pod.meta, &pod.spec))
			if !verdict.Allowed {
				found = append(found, fmt.Sprintf("%s: %s", pod.of, verdict.ForbiddenDetail()))
			}
		}
		return found
	}, nil
}
