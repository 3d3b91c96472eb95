package transfer

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"converse/internal/chat"
	"converse/internal/sheet"
)

// synonyms are what people call the fields that every lead has, in letters and digits
// alone.
var synonyms = map[chat.LeadField][]string{
	chat.FieldFirstName: {"firstname", "givenname", "forename", "fname", "first", "vorname", "prenom", "nombre", "nome"},
	chat.FieldLastName:  {"lastname", "surname", "familyname", "lname", "last", "nachname", "familienname", "nom", "apellido", "apellidos", "cognome"},
	chat.FieldFullName:  {"name", "fullname", "contactname", "contact", "leadname", "lead", "customername", "customer", "clientname", "displayname"},
	chat.FieldPhone: {
		"phone", "phonenumber", "phoneno", "phonenr", "number", "contactnumber", "tel", "telephone", "telephonenumber", "telno", "telefon",
		"telefonnummer", "telefono", "msisdn",
	},
	chat.FieldEmail:    {"email", "emailaddress", "emailid", "mail", "mailaddress", "correo", "courriel"},
	chat.FieldWhatsApp: {"whatsapp", "whatsappid", "whatsappuserid", "waid"},
	chat.FieldOwner:    {"owner", "owneremail", "leadowner", "assignedto", "assignee", "salesrep", "salesperson", "agent", "accountowner", "contactowner"},
	chat.FieldSource:   {"source", "leadsource", "origin", "quelle", "herkunft"},
	chat.FieldStage:    {"stage", "status", "leadstatus", "leadstage", "lifecyclestage", "phase"},
}

// labels are words in the name of a column of numbers or addresses that tell several
// of them apart.
var labels = map[string]string{
	"mobile": "mobile", "mobil": "mobile", "cell": "mobile", "cellular": "mobile", "handy": "mobile", "movil": "mobile", "portable": "mobile",
	"work": "work", "office": "work", "business": "work", "company": "work", "buero": "work", "home": "home", "private": "home", "privat": "home",
	"personal": "home", "whatsapp": "whatsapp", "other": "other", "second": "other", "secondary": "other", "alternate": "other", "alternative": "other",
}

// samples is how many rows Suggest looks at.
const samples = 20

// Suggest says what the columns of a file probably mean: fields by their own names
// first, then by what others call them. Each field but phones and e-mail addresses is
// suggested once.
func Suggest(f sheet.File, fields []chat.Field) []chat.ImportColumn {
	out := make([]chat.ImportColumn, len(f.Headers))
	taken := map[chat.LeadField]bool{}
	take := func(i int, field chat.LeadField, label string) {
		if field == "" || out[i].Field != "" || taken[field] && !severalOf(field) {
			return
		}
		out[i].Field, out[i].Label = field, label
		taken[field] = true
	}
	for i, header := range f.Headers {
		out[i].Index = i
		field := named(header, fields)
		if field == chat.FieldWhatsApp && looksLikePhones(f, i) {
			field = chat.FieldPhone
		}
		label := ""
		if labelled(field) {
			label = labelOf(header)
		}
		take(i, field, label)
	}
	for i, header := range f.Headers {
		field, label := called(header, f, i)
		take(i, field, label)
	}
	// A whole name is of no use beside its parts.
	for i := range out {
		if out[i].Field == chat.FieldFullName && (taken[chat.FieldFirstName] || taken[chat.FieldLastName]) {
			out[i].Field = ""
		}
	}
	return out
}

// severalOf reports whether several columns may go into the field.
func severalOf(field chat.LeadField) bool {
	return field == chat.FieldPhone || field == chat.FieldEmail || field == chat.FieldWhatsApp
}

// labelled reports whether the field's values have labels.
func labelled(field chat.LeadField) bool { return field == chat.FieldPhone || field == chat.FieldEmail }

// named is the field with exactly that name or label.
func named(header string, fields []chat.Field) chat.LeadField {
	for _, f := range fields {
		if importable(f) && (strings.EqualFold(header, string(f.Name)) || key(header) == key(f.Label) || f.Name.Key() != "" && key(header) == key(f.Name.Key())) {
			return f.Name
		}
	}
	return ""
}

// importable reports whether a field can come from a file.
func importable(f chat.Field) bool { return f.Type != chat.FieldTime && !f.Archived }

// called is the field that people call by that name, and a label. "Phone 2" is another
// phone, "Mobile" alone is one if there are numbers in it.
func called(header string, f sheet.File, column int) (chat.LeadField, string) {
	numbers := looksLikePhones(f, column)
	field := synonymOf(strings.TrimRight(key(header), "0123456789"))
	label := labelOf(header)
	if field == "" && label != "" {
		field = synonymOf(withoutLabels(header))
		if withoutLabels(header) == "" {
			field = chat.FieldPhone
		}
	}
	switch {
	case field == chat.FieldWhatsApp && numbers:
		return chat.FieldPhone, "whatsapp"
	case field == chat.FieldPhone && !numbers:
		return "", ""
	case labelled(field):
		return field, label
	}
	return field, ""
}

// synonymOf is the field that people call so, or "".
func synonymOf(name string) chat.LeadField {
	for field, names := range synonyms {
		if slices.Contains(names, name) {
			return field
		}
	}
	return ""
}

// withoutLabels is what is left of a header when the words that are labels are gone.
func withoutLabels(header string) string {
	rest := strings.TrimRight(key(header), "0123456789")
	words := slices.Collect(maps.Keys(labels))
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) }) // "mobile" before "mobil"
	for _, word := range words {
		rest = strings.Replace(rest, word, "", 1)
	}
	return rest
}

// labelOf is the label that a header's words give; "MobilePhone" is two words.
func labelOf(header string) string {
	for _, word := range strings.FieldsFunc(fold(header), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if label, ok := labels[word]; ok {
			return label
		}
		for _, part := range slices.Sorted(maps.Keys(labels)) {
			if rest, ok := strings.CutPrefix(word, part); ok && severalOf(synonymOf(rest)) {
				return labels[part]
			}
		}
	}
	return ""
}

// looksLikePhones reports whether most of a column's first values could be phone
// numbers; a column without values could be.
func looksLikePhones(f sheet.File, column int) bool {
	phones, others := 0, 0
	for _, row := range f.Rows[:min(len(f.Rows), samples)] {
		value := row.Cells[column]
		digits := 0
		odd := strings.IndexFunc(value, func(r rune) bool {
			if r >= '0' && r <= '9' {
				digits++
				return false
			}
			return !strings.ContainsRune("+-() ./;x", r)
		})
		switch {
		case value == "":
		case odd < 0 && digits >= 6:
			phones++
		default:
			others++
		}
	}
	return phones >= others
}

// key is a header in letters and digits alone, without case and accents.
func key(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold(header))
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
}
