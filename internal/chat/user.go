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

// Principal is who is asking: the result of authentication, carried in the context.
type Principal struct {
	Org    OrgID
	User   UserID
	SignIn SignInID
	Name   string
	Role   Role
}

// MayManageConnectors reports whether the principal may see and change
// connectors, stored callbacks and their replay.
func (p Principal) MayManageConnectors() bool {
	return p.Role == RoleAdministrator
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
