package chat

import "time"

// Origin is a site whose pages may include the widget for an org.
type Origin struct {
	// Origin is as browsers write it: scheme, host and, unless it is the scheme's own, port.
	Origin  string
	AddedAt time.Time
	// AddedByName is empty where nobody is known to have added it.
	AddedByName string
	// SeenAt is when one of its pages last called, to a minute; zero: never.
	SeenAt time.Time
}

// OrgOrigin is an origin that an org allows.
type OrgOrigin struct {
	Org    OrgID
	Origin string
}
