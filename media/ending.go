package media

import "slices"

// endings are those of the names of files, by content type; the usual one first.
var endings = map[string][]string{
	"image/jpeg":                    {".jpg", ".jpeg", ".jpe", ".jfif"},
	"image/png":                     {".png"},
	"image/webp":                    {".webp"},
	"image/gif":                     {".gif"},
	"image/bmp":                     {".bmp"},
	"image/tiff":                    {".tiff", ".tif"},
	"image/svg+xml":                 {".svg"},
	"video/mp4":                     {".mp4", ".m4v"},
	"video/3gpp":                    {".3gp", ".3gpp"},
	"video/quicktime":               {".mov"},
	"video/webm":                    {".webm"},
	"audio/mpeg":                    {".mp3"},
	"audio/mp4":                     {".m4a", ".mp4"},
	"audio/aac":                     {".aac"},
	"audio/ogg":                     {".ogg", ".oga", ".opus"},
	"audio/amr":                     {".amr"},
	"audio/wav":                     {".wav"},
	"application/pdf":               {".pdf"},
	"application/msword":            {".doc"},
	"application/vnd.ms-excel":      {".xls"},
	"application/vnd.ms-powerpoint": {".ppt"},
	"application/zip":               {".zip"},
	"text/plain":                    {".txt"},
	"text/csv":                      {".csv"},
	"text/rtf":                      {".rtf"},
	"text/vcard":                    {".vcf", ".vcard"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {".docx"},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {".xlsx"},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {".pptx"},
}

// Endings are the endings that names of files of a type have, with their dot, the usual
// one first; none for a type that is not on our list.
func Endings(contentType string) []string { return endings[plain(contentType)] }

// TypeOfEnding is the content type that goes with an ending of a name, in lower case and
// with its dot, or Unknown.
func TypeOfEnding(ending string) string {
	found := Unknown
	for contentType, all := range endings {
		// Two types share an ending: that which has it first is meant.
		if slices.Contains(all, ending) && (found == Unknown || all[0] == ending) {
			found = contentType
		}
	}
	return found
}
