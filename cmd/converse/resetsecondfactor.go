package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"converse/internal/auth"
	"converse/internal/chat"
	"converse/internal/config"
	"converse/internal/store"
	"converse/internal/vault"
)

// resetSecondFactor takes a user's second factor away and prints whose it was as one JSON
// line. Nodes that run close the user's sockets within seconds.
func resetSecondFactor(ctx context.Context, c *config.ResetSecondFactor, stdout io.Writer) error {
	keys, err := vaultKeys(c)
	if err != nil {
		return err
	}
	sealed, err := vault.New(keys...)
	if err != nil {
		return err
	}
	kept, err := openStoreWith(ctx, c.DatabaseURL, store.Options{AuditKeys: derived(keys, "audit")})
	if err != nil {
		return err
	}
	defer kept.Close()
	done, err := auth.ResetSecondFactor(ctx, kept, sealed, c.Email)
	switch {
	case errors.Is(err, auth.ErrForeignKey):
		return &config.Error{Flag: "master-key", Reason: "is not the key of this installation: " + err.Error()}
	case chat.CodeOf(err) == chat.CodeNotFound:
		return fmt.Errorf("no active user signs in as %s", c.Email)
	case err != nil:
		return err
	}
	return json.NewEncoder(stdout).Encode(struct {
		Org           chat.OrgID  `json:"org"`
		User          chat.UserID `json:"user"`
		Name          string      `json:"name"`
		SessionsEnded int         `json:"sessions_ended"`
	}{done.Org, done.User.ID, done.User.Name, done.Ended})
}
