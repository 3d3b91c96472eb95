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
