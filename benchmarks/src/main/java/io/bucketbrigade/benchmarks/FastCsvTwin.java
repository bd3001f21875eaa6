package io.bucketbrigade.benchmarks;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** The same job as one would write it with FastCSV, in one thread. */
final class FastCsvTwin {
    private FastCsvTwin() {}

    static void rank(Path folder, String output) throws IOException {
        Map<String, long[]> counts = new HashMap<>();
        try (CsvReader<NamedCsvRecord> messages =
                CsvReader.builder().ofNamedCsvRecord(folder.resolve("messages.csv"))) {
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
        Comparator<Map.Entry<String, long[]>> order = Comparator.comparingLong(entry -> entry.getValue()[0]);
        try (CsvWriter result =
                CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(folder.resolve(output))) {
            result.writeRecord("user_id", "messages", "name");
            counts.entrySet().stream()
                    .sorted(order.thenComparing(entry -> Long.parseLong(entry.getKey())))
                    .forEach(entry -> result.writeRecord(
                            entry.getKey(),
                            Long.toString(entry.getValue()[0]),
                            names.getOrDefault(entry.getKey(), "")));
        }
    }
}
