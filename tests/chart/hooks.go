package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Helm's marks of an object that is made apart from the rest of its release.
const (
	hookMark   = "helm.sh/hook"
	weightMark = "helm.sh/hook-weight"
)

// events are when a hook is made; none for what is no hook.
func events(of object) []string {
	mark := of.GetAnnotations()[hookMark]
	if mark == "" {
		return nil
	}
	var events []string
	for event := range strings.SplitSeq(mark, ",") {
		events = append(events, strings.TrimSpace(event))
	}
	return events
}

// weight is the place of a hook among those of its event: the lower is made first.
func weight(of object) int {
	weight, err := strconv.Atoi(of.GetAnnotations()[weightMark])
	if err != nil {
		return 0
	}
	return weight
}

// tooEarly finds pods that Helm starts before what they refer to is made or brought up to date.
func tooEarly(objects []object) []string {
	pods, found := podsOf(objects)
	for _, pod := range pods {
		for _, event := range events(pod.of) {
			if !strings.HasPrefix(event, "pre-") {
				continue
			}
			for _, refers := range referencesOf(pod) {
				// An account carries no settings: before an upgrade the one of the install is as good as the next. Where a
				// vault knows pods by their account, a hook must even have the same.
				if refers.kind == "ServiceAccount" && event == "pre-upgrade" {
					continue
				}
				for _, candidate := range objects {
					if _, _, is := provides(candidate, refers.kind, refers.name); is && !before(candidate, pod.of, event) {
						found = append(found, fmt.Sprintf("%s: it runs %s, and refers to %s, which is made only after it", pod.of, event, candidate))
					}
				}
			}
		}
	}
	return found
}

// before says whether a hook is made before another of the same event.
func before(one, other object, event string) bool {
	return slices.Contains(events(one), event) && weight(one) < weight(other)
}
