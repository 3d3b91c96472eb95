package transfer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"converse/internal/chat"
	"converse/internal/sheet"
	"converse/internal/transfer"
)

// fields are those every lead has and two of the org's own.
func fields() []chat.Field {
	return append(chat.BuiltInFields(),
		chat.Field{ID: "f1", Name: chat.CustomField("city"), Label: "Town", Type: chat.FieldText},
		chat.Field{ID: "f2", Name: chat.CustomField("old"), Label: "Old", Type: chat.FieldText, Archived: true})
}

func TestColumnsAreRecognised(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		// Our own export.
		"First name,Last name,Phone,E-mail,WhatsApp,Owner,Stage,Source,Created\na,b,+1 202 555 0123,c@d,US.123456,e@f,New,Web,2026-01-31": "first_name,last_name,phone,email,whatsapp,owner,stage,source,",
		"Surname,Given Name,Mobile,E-Mail Address\na,b,2025550123,c@d":                                                                    "last_name,first_name,phone:mobile,email",
		"NAME,Telefon,Handy,E-mail (work)\na,030 123456,0171 1234567,c@d":                                                                 "full_name,phone,phone:mobile,email:work",
		"Name,Prénom,Nom\na,b,c":                                                                   ",first_name,last_name",
		"Phone,Phone 2,Phone (2),phone_number_3\n2025550123,,,":                                    "phone,phone,phone,phone",
		"MobilePhone,Work phone,Home Telephone,whatsapp\n2025550123,2025550123,2025550123,2025550": "phone:mobile,phone:work,phone:home,phone:whatsapp",
		"Mobile,Office\nyes,no":                                                                    ",",
		"first_name,city,Town,custom.city\na,b":                                                    "first_name,custom.city,,",
		"Lead Status,Lead Source,Assigned to":                                                      "stage,source,owner",
		"Old,Notes,Birthday":                                                                       ",,",
		"First name,First name\na,b":                                                               "first_name,",
		"whatsapp id\nUS.123456789012":                                                             "whatsapp",
	} {
		f, err := sheet.Read([]byte(text), sheet.Options{Delimiter: ','})
		require.NoError(t, err)
		got := []string{}
		for i, c := range transfer.Suggest(f, fields()) {
			require.Equal(t, i, c.Index)
			got = append(got, strings.TrimSuffix(string(c.Field)+":"+c.Label, ":"))
		}
		require.Equal(t, want, strings.Join(got, ","), text)
	}
}
