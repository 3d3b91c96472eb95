package auth

import (
	"context"
	"crypto/sha256"
	"strings"
	"time"

	"converse/internal/chat"
)

// widgetLife is how long a widget's token can be used. Asking for another one prolongs
// the sign-in that both belong to.
const widgetLife = 15 * time.Minute

// WidgetTokens keeps the tokens of widgets.
type WidgetTokens interface {
	CreateWidgetToken(ctx context.Context, p chat.Principal, id chat.UserID, email string, hash, signIn [sha256.Size]byte, life time.Duration) (
		user chat.User, expires time.Time, err error)
}

// WidgetToken is what signs the user of a host page into the widget.
type WidgetToken struct {
	// Token is given to the host once and stored nowhere.
	Token   string
	Expires time.Time
	User    chat.User
}

// CreateWidgetToken returns a token of a user whom the API key p vouches for, by id or
// by e-mail address. Who is not an active user of the key's org is code not_found.
func (s *SignIns) CreateWidgetToken(ctx context.Context, p chat.Principal, id chat.UserID, email string) (WidgetToken, error) {
	email = strings.ToLower(strings.TrimSpace(email))
	if (id == "") == (email == "") {
		return WidgetToken{}, chat.Invalidf("userEmail", "say whose token it is: userEmail or userId, and not both")
	}
	out := WidgetToken{Token: widgetPrefix + newSecret()}
	var err error
	out.User, out.Expires, err = s.store.CreateWidgetToken(ctx, p, id, email, hashOf(out.Token), hashOf(newSecret()), widgetLife)
	return out, err
}
