import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Writes messages.csv and users.csv for measuring: authors with a skewed distribution, 30 % of the contents quoted with
 * commas, newlines and doubled quotes. The same arguments give the same bytes.
 *
 * <p>java benchmarks/GenerateMessages.java FOLDER MEGABYTES AUTHORS
 */
final class GenerateMessages {
    private static final String[] WORDS = {
        "order", "invoice", "please", "thank", "you", "again", "delivery", "address", "refund", "screen", "é", "later"
    };

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        long bytes = Long.parseLong(arguments[1]) * 1_000_000;
        int authors = Integer.parseInt(arguments[2]);
        SplittableRandom random = new SplittableRandom(42);
        long written = 0;
        long row = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("messages.csv")), 1 << 20)) {
            out.write("message_id,author_id,received_at,content\n".getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            while (written < bytes) {
                line.setLength(0);
                double r = random.nextDouble();
                long author = 1 + (long) (authors * r * r * r);
                line.append(++row).append(',').append(author).append(",2026-03-02T08:00:00Z,");
                appendContent(line, random);
                line.append('\n');
                byte[] encoded = line.toString().getBytes(StandardCharsets.UTF_8);
                out.write(encoded);
                written += encoded.length;
            }
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("users.csv")), 1 << 20)) {
            out.write("user_id,first_name,last_name\n".getBytes(StandardCharsets.UTF_8));
            for (int user = 1; user <= authors; user++) {
                out.write((user + ",First" + user + ",Last" + user + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        System.out.printf("%,d rows, %,d bytes in %s%n", row, written, folder);
    }

    private static void appendContent(StringBuilder line, SplittableRandom random) {
        boolean quoted = random.nextInt(10) < 3;
        int words = 5 + random.nextInt(26);
        if (quoted) {
            line.append('"');
        }
        for (int word = 0; word < words; word++) {
            if (word > 0) {
                int separator = quoted ? random.nextInt(12) : 11;
                line.append(separator == 0 ? ", " : separator == 1 ? "\n" : separator == 2 ? " \"\"" : " ");
            }
            line.append(WORDS[random.nextInt(WORDS.length)]);
        }
        if (quoted) {
            line.append('"');
        }
    }
}
