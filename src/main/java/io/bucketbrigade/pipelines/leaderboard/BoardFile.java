package io.bucketbrigade.pipelines.leaderboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.bucketbrigade.rows.CsvText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The board as a CSV for people and their spreadsheets. These take a field that starts like a formula for one and run it, in
 * quotes or not; so such a field gets an apostrophe before it, which makes it text.
 *
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">OWASP, CSV injection</a>
 */
public final class BoardFile {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String STARTS_OF_FORMULAS = "=+-@\t\r\n";

    /**
     * All rows, most messages first.
     *
     * @throws IOException if the board can't be read
     */
    public byte[] write(Board.Page board) throws IOException {
        byte[] json = board.json(null, null);
        ByteArrayOutputStream file = new ByteArrayOutputStream(json.length);
        try (JsonParser parser = JSON.createParser(json);
                CsvWriter csv = CsvText.writer(file)) {
            csv.writeRecord("rank", "user_id", "name", "messages");
            String id = "";
            String messages = "";
            long rank = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    switch (parser.currentName()) {
                        case "user_id" -> id = parser.getText();
                        case "messages" -> messages = parser.getText();
                        default ->
                            csv.writeRecord(Long.toString(++rank), asText(id), asText(parser.getText()), messages);
                    }
                }
            }
        }
        return file.toByteArray();
    }

    private static String asText(String field) {
        boolean formula = !field.isEmpty() && STARTS_OF_FORMULAS.indexOf(field.charAt(0)) >= 0;
        return formula && !isNumber(field) ? "'" + field : field;
    }

    private static boolean isNumber(String field) {
        return field.matches("[+-]?[0-9]+");
    }
}
