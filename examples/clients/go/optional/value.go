// Package optional keeps apart what a pointer cannot: absent, null and a value.
package optional

import "encoding/json"

// Value is absent where it is empty, null where its element is nil, else a value. It is a slice because that is the
// only type of one's own that encoding/json's omitempty leaves out.
type Value[T any] []*T

// Of is a value.
func Of[T any](value T) Value[T] { return Value[T]{&value} }

// Null clears a field.
func Null[T any]() Value[T] { return Value[T]{nil} }

// Get gives the value, or false where there is none.
func (v Value[T]) Get() (T, bool) {
	if len(v) == 0 || v[0] == nil {
		var none T
		return none, false
	}
	return *v[0], true
}

// MarshalJSON writes the value or null; that an absent one is not written at all is for omitempty.
func (v Value[T]) MarshalJSON() ([]byte, error) {
	if len(v) == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(v[0])
}

// UnmarshalJSON reads a value or null.
func (v *Value[T]) UnmarshalJSON(data []byte) error {
	var value *T
	if err := json.Unmarshal(data, &value); err != nil {
		return err
	}
	*v = Value[T]{value}
	return nil
}
