package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"reflect"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// uuidCodec sends ids, which are texts of many types of ours, in sixteen bytes. pgx's
// own can only do that for its types: it would try, fail, and send the text, for every
// id of every statement.
type uuidCodec struct{ pgtype.UUIDCodec }

// PlanEncode implements pgtype.Codec.
func (c uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if format == pgtype.BinaryFormatCode && reflect.TypeOf(value).Kind() == reflect.String {
		return encodeUUID{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

type encodeUUID struct{}

// Encode implements pgtype.EncodePlan. A text that is no UUID is an error, as it would
// be PostgreSQL's.
func (encodeUUID) Encode(value any, out []byte) ([]byte, error) {
	text := reflect.ValueOf(value).String()
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return nil, fmt.Errorf("%T is not a UUID", value)
	}
	for _, part := range [...]string{text[:8], text[9:13], text[14:18], text[19:23], text[24:]} {
		var err error
		if out, err = hex.AppendDecode(out, []byte(part)); err != nil {
			return nil, fmt.Errorf("%T is not a UUID", value)
		}
	}
	return out, nil
}

// registerUUID has a new connection use the codec.
func registerUUID(_ context.Context, conn *pgx.Conn) error {
	uuid := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	conn.TypeMap().RegisterType(uuid)
	conn.TypeMap().RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: uuid}})
	return nil
}
