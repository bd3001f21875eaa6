import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The same job as the command aggregate, as one would write it with FastCSV in one thread.
 *
 * <p>java -cp target/lib/fastcsv-4.1.0.jar benchmarks/CountWithFastCsv.java FOLDER OUTPUT
 */
final class CountWithFastCsv {
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Map<String, long[]> counts = new HashMap<>();
        try (CsvReader<NamedCsvRecord> messages = CsvReader.builder().ofNamedCsvRecord(folder.resolve("messages.csv"))) {
            for (NamedCsvRecord message : messages) {
                counts.computeIfAbsent(message.getField(1), author -> new long[1])[0]++;
            }
        }
        Map<String, String> names = new HashMap<>();
        try (CsvReader<NamedCsvRecord> users = CsvReader.builder().ofNamedCsvRecord(folder.resolve("users.csv"))) {
            for (NamedCsvRecord user : users) {
                names.put(user.getField(0), user.getField(1) + " " + user.getField(2));
            }
        }
        try (CsvWriter result = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(Path.of(arguments[1]))) {
            result.writeRecord("user_id", "messages", "name");
            counts.entrySet().stream()
                    .sorted((a, b) -> a.getValue()[0] != b.getValue()[0]
                            ? Long.compare(a.getValue()[0], b.getValue()[0])
                            : Long.compare(Long.parseLong(a.getKey()), Long.parseLong(b.getKey())))
                    .forEach(entry -> result.writeRecord(
                            entry.getKey(), Long.toString(entry.getValue()[0]), names.getOrDefault(entry.getKey(), "")));
        }
    }
}
