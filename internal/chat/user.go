package chat

import "time"

// Role is what a user may do in an org.
type Role string

// The roles of the product.
const (
	RoleAdministrator Role = "administrator"
	RoleSalesManager  Role = "sales_manager"
	RoleMarketingUser Role = "marketing_user"
	RoleSalesUser     Role = "sales_user"
)

// Org is one customer of the product.
type Org struct {
	ID   OrgID
	Name string
	// Country is the ISO 3166 code that a phone number without a country code is read by.
	Country string
}

// User is a person who signs in.
type User struct {
	ID    UserID
	Email string
	Name  string
	Role  Role
}

// Account is a user with what signing in needs.
type Account struct {
	Org  OrgID
	User User
	// PasswordHash is argon2id in its standard text form.
	PasswordHash string
}

// Via is how a principal proved who they are.
type Via string

// The ways.
const (
	// ViaSignIn: a user's own sign-in in the console, by password or by OpenID Connect.
	ViaSignIn Via = ""
	// ViaWidget: a token that a host page got for its user. It serves the widget alone.
	ViaWidget Via = "widget"
	// ViaKey: an org's API key. There is no user.
	ViaKey Via = "api_key"
	// ViaEnrol: a sign-in of a user who must set up a second factor first. It serves
	// that alone.
	ViaEnrol Via = "enrol"
	// ViaOperator: whoever runs the installation, by its database and master keys. It is
	// a word of the audit alone.
	ViaOperator Via = "operator"
)

// Principal is who is asking: the result of authentication, carried in the context.
type Principal struct {
	Org OrgID
	// User is empty for an API key.
	User   UserID
	SignIn SignInID
	Name   string
	Role   Role
	Via    Via
	// Key names an API key. KeyScopes are what it was made for.
	Key       APIKeyID
	KeyScopes []KeyScope
	// Access is nil where nothing restricts what the role allows; see Rights.
	Access *Access
	// AccessVersion rises whenever Access or Role changes.
	AccessVersion int
	// Address is where the request comes from; empty outside of one.
	Address string
	// Agent is the User-Agent of who signs in; empty otherwise.
	Agent string
}

// MayAdminister reports whether the principal may see and change what belongs to the
// whole org: connectors, people, permissions, the audit.
func (p Principal) MayAdminister() bool {
	return p.Role == RoleAdministrator && p.Via == ViaSignIn
}

// MayChat reports whether the principal may start conversations and send messages.
func (p Principal) MayChat() bool {
	return p.Role == RoleAdministrator || p.Role == RoleSalesManager || p.Role == RoleSalesUser
}

// PresenceState is a user's reachability as colleagues see it.
type PresenceState string

// Presence comes from real activity on a device, never from a switch.
const (
	PresenceOnline  PresenceState = "online"
	PresenceIdle    PresenceState = "idle"
	PresenceOffline PresenceState = "offline"
)

// Presence is one user's reachability.
type Presence struct {
	User  UserID
	State PresenceState
	// Since is when the state began.
	Since time.Time
}
