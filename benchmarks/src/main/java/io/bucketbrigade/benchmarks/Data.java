package io.bucketbrigade.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * Writes messages.csv and users.csv: authors with a skewed distribution, 30 % of the contents quoted with commas, newlines
 * and doubled quotes. The same arguments give the same bytes, and files that exist already are left as they are.
 */
final class Data {
    private static final String[] WORDS = {
        "order", "invoice", "please", "thank", "you", "again", "delivery", "address", "refund", "screen", "é", "later"
    };

    private Data() {}

    /** Makes a folder with files of that many megabytes; smaller ones begin like larger ones. */
    static Path skewed(Path data, int megabytes, LongFunction<String> id, String name) throws IOException {
        Path folder = data.resolve(name);
        int authors = 100_000;
        SplittableRandom random = new SplittableRandom(42);
        write(folder, megabytes * 1_000_000L, Long.MAX_VALUE, id, () -> {
            double r = random.nextDouble();
            return 1 + (long) (authors * r * r * r);
        });
        users(folder, authors, id);
        return folder;
    }

    /** As {@link #skewed}, with so many rows and UUIDs for ids. */
    static Path uuids(Path data, long rows, String name) throws IOException {
        Path folder = data.resolve(name);
        int authors = 100_000;
        SplittableRandom random = new SplittableRandom(42);
        write(folder, Long.MAX_VALUE, rows, Data::uuid, () -> {
            double r = random.nextDouble();
            return 1 + (long) (authors * r * r * r);
        });
        users(folder, authors, Data::uuid);
        return folder;
    }

    /** The same with so many rows, and each author as likely as any other. */
    static Path flat(Path data, int authors, long rows, String name) throws IOException {
        Path folder = data.resolve(name);
        SplittableRandom random = new SplittableRandom(43);
        long[] next = {0};
        write(
                folder,
                Long.MAX_VALUE,
                rows,
                Long::toString,
                () -> next[0] < authors ? ++next[0] : 1 + random.nextLong(authors));
        users(folder, authors, Long::toString);
        return folder;
    }

    /** Something that looks like a random UUID, always the same for the same number. */
    static String uuid(long number) {
        SplittableRandom random = new SplittableRandom(number);
        return new java.util.UUID(random.nextLong(), random.nextLong()).toString();
    }

    interface Author {
        long next();
    }

    private static void write(Path folder, long bytes, long rows, LongFunction<String> id, Author author)
            throws IOException {
        Path file = Files.createDirectories(folder).resolve("messages.csv");
        if (Files.exists(file)) {
            return;
        }
        Path unfinished = folder.resolve("messages.part");
        SplittableRandom random = new SplittableRandom(41);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 20)) {
            out.write("message_id,author_id,received_at,content\n".getBytes(StandardCharsets.UTF_8));
            StringBuilder line = new StringBuilder();
            long written = 0;
            for (long row = 1; written < bytes && row <= rows; row++) {
                line.setLength(0);
                line.append(row).append(',').append(id.apply(author.next())).append(",2026-03-02T08:00:00Z,");
                appendContent(line, random);
                byte[] encoded = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
                out.write(encoded);
                written += encoded.length;
            }
        }
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, file);
    }

    private static void users(Path folder, int authors, LongFunction<String> id) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(folder.resolve("users.csv")), 1 << 20)) {
            out.write("user_id,first_name,last_name\n".getBytes(StandardCharsets.UTF_8));
            for (int user = 1; user <= authors; user++) {
                out.write((id.apply(user) + ",First" + user + ",Last" + user + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
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
