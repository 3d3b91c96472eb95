package wire

import (
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// APIKey is an API key, without the key itself.
func APIKey(k chat.APIKey) *conversev1.ApiKey {
	out := &conversev1.ApiKey{
		Id: string(k.ID), Name: k.Name, Hint: k.Hint, CreatedById: string(k.CreatedBy), CreatedByName: k.CreatedByName,
		CreatedAt: Time(k.CreatedAt), ExpiresAt: Time(k.ExpiresAt), RevokedAt: Time(k.RevokedAt), LastUsedAt: Time(k.LastUsedAt),
	}
	for _, scope := range k.Scopes {
		out.Scopes = append(out.Scopes, string(scope))
	}
	return out
}

// SecondFactor is how it stands with a user's second factor.
func SecondFactor(f chat.SecondFactor) *conversev1.SecondFactor {
	return &conversev1.SecondFactor{
		UserId: string(f.User), Enabled: f.Enabled, Since: Time(f.Since), Required: f.Required, CodesLeft: int32(f.CodesLeft),
		LockedUntil: Time(f.LockedUntil),
	}
}

// SecurityPolicy is what an org asks for when its users sign in.
func SecurityPolicy(roles []chat.Role) *conversev1.SecurityPolicy {
	out := &conversev1.SecurityPolicy{}
	for _, role := range roles {
		out.SecondFactorRoles = append(out.SecondFactorRoles, string(role))
	}
	return out
}
