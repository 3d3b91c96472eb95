package chat

import (
	"slices"
	"time"
)

// UserState is where a user stands.
type UserState string

// The states of a user.
const (
	// UserInvited: the invitation was not accepted yet.
	UserInvited UserState = "invited"
	// UserActive: may sign in.
	UserActive UserState = "active"
	// UserDeactivated: may not; what they did stays.
	UserDeactivated UserState = "deactivated"
)

// Member is a user as those see them who manage people.
type Member struct {
	User
	State  UserState
	Groups []GroupID
	// LastSeen is zero for one who never signed in.
	LastSeen time.Time
	// LinkExpires is until when the link of an invitation or a reset works; zero when
	// there is none.
	LinkExpires time.Time
	// SecondFactor: the user has set one up.
	SecondFactor bool
	// Access is what the user may do with leads.
	Access Access
}

// Group is a group of users.
type Group struct {
	ID      GroupID
	Name    string
	Members []UserID
}

// LinkKind is what a password link is for.
type LinkKind string

// The kinds of password links.
const (
	LinkInvitation LinkKind = "invitation"
	LinkReset      LinkKind = "reset"
)

// PasswordLink is whose a link is that lets a user choose a password.
type PasswordLink struct {
	Org     Org
	User    User
	Kind    LinkKind
	Expires time.Time
}

// Management is which people a principal may manage.
type Management struct {
	// All: everyone of the org.
	All bool
	// Groups are those whose sales users may be managed otherwise.
	Groups []GroupID
}

// Sees reports whether the member is one of those shown.
func (m Management) Sees(member Member) bool {
	return m.All || slices.ContainsFunc(member.Groups, func(g GroupID) bool { return slices.Contains(m.Groups, g) })
}

// Manages returns nil when the member may be changed: not_found for one who is not to
// be seen, forbidden for one who is.
func (m Management) Manages(member Member) error {
	switch {
	case !m.Sees(member):
		return NotFound("user")
	case !m.All && member.Role != RoleSalesUser:
		return &Error{Code: CodeForbidden, Message: "You manage the sales users of your groups. Ask an administrator for anyone else."}
	}
	return nil
}

// MayBecome returns nil when the principal may give a user that role and change their
// groups from some to others.
func (m Management) MayBecome(role Role, before, after []GroupID) error {
	if m.All {
		return nil
	}
	if role != RoleSalesUser {
		return &Error{Code: CodeForbidden, Field: "role", Message: "Only an administrator may give another role than sales user."}
	}
	for _, g := range append(slices.Clone(before), after...) {
		if slices.Contains(before, g) != slices.Contains(after, g) && !slices.Contains(m.Groups, g) {
			return &Error{Code: CodeForbidden, Field: "groupIds", Message: "Only an administrator may change who is in a group that you are not in."}
		}
	}
	if !m.Sees(Member{Groups: after}) {
		return Invalidf("groupIds", "Choose one of your own groups: you manage people of those.")
	}
	return nil
}

// LeavingLeads says who gets the leads of a user who is deactivated: a user, or the
// users of a group in turn. Zero: they stay as they are.
type LeavingLeads struct {
	User  UserID
	Group GroupID
}

// SignIn is a sign-in as its user sees it.
type SignIn struct {
	ID   SignInID
	User UserID
	Via  Via
	// Agent is the User-Agent it began with, as the client told it.
	Agent                          string
	Address                        string
	CreatedAt, LastSeen, ExpiresAt time.Time
}

// Standing is what an open session stands on.
type Standing struct {
	SignIn SignInID
	// AccessVersion is that of what its user might see when it was opened.
	AccessVersion int
}

// Fallen is a standing that is over.
type Fallen struct {
	Standing
	// Ended: the sign-in is over. Otherwise its user may see something else by now.
	Ended bool
}

// The bounds of a security policy.
const (
	LeastPassword       = 10 // in characters
	MostPassword        = 128
	MostPasswordHistory = 5
	LeastIdle           = 15 * time.Minute
	LeastAbsolute       = time.Hour
	MostAbsolute        = 90 * 24 * time.Hour
)

// AccountPolicy is an org's rules for passwords and sign-ins.
type AccountPolicy struct {
	// PasswordMin is how many characters a password has at least.
	PasswordMin int
	// PasswordHistory is how many earlier passwords may not come back.
	PasswordHistory int
	// Absolute is how long a sign-in lasts at most, Idle how long without being used.
	Absolute, Idle time.Duration
}

// Check returns an error that names the field which is out of bounds.
func (p AccountPolicy) Check() error {
	switch {
	case p.PasswordMin < LeastPassword || p.PasswordMin > MostPassword:
		return Invalidf("passwordMin", "A password has at least %d to %d characters.", LeastPassword, MostPassword)
	case p.PasswordHistory < 0 || p.PasswordHistory > MostPasswordHistory:
		return Invalidf("passwordHistory", "Remember 0 to %d earlier passwords.", MostPasswordHistory)
	case p.Absolute < LeastAbsolute || p.Absolute > MostAbsolute:
		return Invalidf("absoluteMinutes", "A sign-in lasts one hour to 90 days.")
	case p.Idle < LeastIdle || p.Idle > p.Absolute:
		return Invalidf("idleMinutes", "An unused sign-in ends after 15 minutes at least, and not later than any other.")
	}
	return nil
}
