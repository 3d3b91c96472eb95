package store

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"

	"converse/internal/chat"
)

func TestIDsAreSentAsSixteenBytes(t *testing.T) {
	t.Parallel()
	m := pgtype.NewMap()
	m.RegisterType(&pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}})
	want := uuid.New()
	for _, value := range []any{chat.OrgID(want.String()), want.String(), want} {
		got, err := m.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, value, nil)
		require.NoError(t, err, "%T", value)
		require.Equal(t, want[:], got, "%T", value)
	}
	for _, text := range []chat.OrgID{"", "harbour", chat.OrgID(want.String() + "0"), "0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5g", "0197a1b2+c3d4-7e5f-8a9b-0c1d2e3f4a5b"} {
		_, err := m.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, text, nil)
		require.ErrorContains(t, err, "is not a UUID")
	}
}
