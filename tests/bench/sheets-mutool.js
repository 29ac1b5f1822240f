// mutool run sheets-mutool.js STEM.pdf N OUT.pdf: N personalised sheets with mupdf, as incremental updates.
var path = scriptArgs[0];
var count = Number(scriptArgs[1]);
var towns = JSON.parse(read(path + ".json"));

for (var i = 0; i < count; i++) {
	var town = towns[i % towns.length];
	var values = {};
	var pdf = new PDFDocument(path);
	var fields = pdf.getTrailer().Root.AcroForm.Fields;

	for (var k = 0; k < town.fields.length; k++)
		values[town.fields[k].name] = town.fields[k].value;
	for (var f = fields.length - 1; f >= 0; f--) {
		var value = values[fields[f].T.asString()];

		if (value !== undefined)
			fields[f].V = pdf.newString(value);
	}
	pdf.getTrailer().Info.Title = pdf.newString(town.title);
	pdf.save(scriptArgs[2], "incremental");
}
