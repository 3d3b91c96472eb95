package chat

// TemplateVariable is a place in a template that is filled when sending.
type TemplateVariable struct {
	// Name is "1", "2" … for positional templates, else the parameter's name.
	Name    string
	Example string
}

// Template is a message text approved in advance.
type Template struct {
	ID       TemplateID
	Channel  Channel
	Name     string
	Language string
	Category string
	// Body holds {{name}} for each variable.
	Body      string
	Footer    string
	Buttons   []string
	Variables []TemplateVariable
}
