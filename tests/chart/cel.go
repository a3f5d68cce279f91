package main

import (
	"fmt"
	"reflect"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/cel/environment"
)

// compiledPolicy is a policy's expressions, in the order in which they may use each other.
type compiledPolicy struct {
	names       []string
	variables   []cel.Program
	validations []cel.Program
	messages    []string
}

// cluster is what a policy may ask for other objects: here, those of the same render.
var cluster = cel.ObjectType("holdergraph.Cluster")

// clusterValue carries the objects of a render into an expression.
type clusterValue struct{ objects []object }

func (clusterValue) ConvertToNative(want reflect.Type) (any, error) {
	return nil, fmt.Errorf("no %v", want)
}
func (clusterValue) ConvertToType(ref.Type) ref.Val { return types.NewErr("it cannot be converted") }
func (clusterValue) Equal(ref.Val) ref.Val          { return types.False }
func (clusterValue) Type() ref.Type                 { return cluster }
func (c clusterValue) Value() any                   { return c.objects }

// policyEnvironment is the API server's own with two things that Kyverno has besides and our policies use: base64, and
// resource.List(apiVersion, resource). A full run asks Kyverno's own CLI too, and so shows that the two agree.
func policyEnvironment() (*cel.Env, error) {
	base, err := environment.MustBaseEnvSet(version.MajorMinor(1, 0)).Env(environment.StoredExpressions)
	if err != nil {
		return nil, err
	}
	return base.Extend(
		ext.Encoders(),
		cel.Variable("object", cel.DynType),
		cel.Variable("variables", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("resource", cluster),
		cel.Function("List", cel.MemberOverload("holdergraph_cluster_list",
			[]*cel.Type{cluster, cel.StringType, cel.StringType}, cel.MapType(cel.StringType, cel.AnyType),
			cel.FunctionBinding(listResources))),
	)
}

// listResources finds the objects of one kind, by its API version and its plural.
func listResources(arguments ...ref.Val) ref.Val {
	from, isCluster := arguments[0].(clusterValue)
	apiVersion, isText := arguments[1].Value().(string)
	resource, isName := arguments[2].Value().(string)
	if !isCluster || !isText || !isName {
		return types.NewErr("resource.List needs an API version and a plural")
	}
	items := []any{}
	for _, of := range from.objects {
		plural, _ := meta.UnsafeGuessKindToResource(of.GroupVersionKind())
		if of.GetAPIVersion() == apiVersion && plural.Resource == resource {
			items = append(items, of.Object)
		}
	}
	return types.DefaultTypeAdapter.NativeToValue(map[string]any{"items": items})
}

// compilePolicy compiles all expressions, so that a fault in one is told even where nothing meets it.
func compilePolicy(spec policySpec) (*compiledPolicy, error) {
	env, err := policyEnvironment()
	if err != nil {
		return nil, err
	}
	compiled := &compiledPolicy{}
	for _, variable := range spec.Variables {
		program, err := compileExpression(env, variable.Expression)
		if err != nil {
			return nil, fmt.Errorf("the variable %s: %w", variable.Name, err)
		}
		compiled.names = append(compiled.names, variable.Name)
		compiled.variables = append(compiled.variables, program)
	}
	for _, validation := range spec.Validations {
		program, err := compileExpression(env, validation.Expression)
		if err != nil {
			return nil, fmt.Errorf("the validation %q: %w", validation.Message, err)
		}
		compiled.validations = append(compiled.validations, program)
		compiled.messages = append(compiled.messages, validation.Message)
	}
	if len(compiled.validations) == 0 {
		return nil, fmt.Errorf("it validates nothing")
	}
	return compiled, nil
}

// compileExpression compiles and checks one expression.
func compileExpression(env *cel.Env, expression string) (cel.Program, error) {
	checked, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, issues.Err()
	}
	return env.Program(checked)
}

// evaluate returns the messages of the validations that do not hold of an object.
func (c *compiledPolicy) evaluate(of object, all []object) ([]string, error) {
	variables := map[string]any{}
	input := map[string]any{"object": of.Object, "variables": variables, "resource": clusterValue{all}}
	for index, program := range c.variables {
		value, _, err := program.Eval(input)
		if err != nil {
			return nil, fmt.Errorf("the variable %s: %w", c.names[index], err)
		}
		variables[c.names[index]] = value
	}
	var failed []string
	for index, program := range c.validations {
		value, _, err := program.Eval(input)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.messages[index], err)
		}
		if value != types.True {
			failed = append(failed, c.messages[index])
		}
	}
	return failed, nil
}
