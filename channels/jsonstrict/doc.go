// Package jsonstrict reads JSON that came from outside and says who wrote what.
//
// It owns the rules that encoding/json is lax about. A name that occurs twice in
// one object, however its letters are cased, refuses the whole text: encoding/json
// matches names without case and lets the last one win, so two readers of the same
// signed bytes could see two different senders. Nesting is bounded. NUL, which no
// text column can keep, is taken out of strings; bytes and escapes that are no
// Unicode become U+FFFD. Text keeps the digits of numbers as they were sent.
//
// Its errors name fields and places, never values, so they may be logged and
// shown. It knows nothing of providers and imports nothing of ours.
package jsonstrict
