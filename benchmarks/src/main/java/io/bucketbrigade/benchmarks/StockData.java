package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Locale;
import java.util.SplittableRandom;

/** Files as a trader gets them: a company each, a row for each day, some 63 bytes a row. */
final class StockData {
    private StockData() {}

    /** So many files of so many days, with their index. */
    static Path files(Path data, int files, int days) throws IOException {
        Path folder = data.resolve("stocks-" + files + "x" + days);
        Path done = folder.resolve(".complete");
        if (Files.exists(done)) {
            return folder;
        }
        Files.createDirectories(folder.resolve("Stocks"));
        Files.createDirectories(folder.resolve("CompanyNames"));
        StringBuilder index = new StringBuilder();
        for (int file = 0; file < files; file++) {
            String name = String.format(Locale.ROOT, "c%04d.us.csv", file);
            index.append(file == 0 ? "" : ", ").append('\'').append(name).append('\'');
            SplittableRandom random = new SplittableRandom(file);
            LocalDate day = LocalDate.of(1980, 1, 1);
            try (Writer out = new BufferedWriter(Files.newBufferedWriter(folder.resolve("Stocks").resolve(name)), 1 << 16)) {
                out.write("Date,Open,High,Low,Close,Volume,OpenInt\n");
                long price = 1_000_000 + random.nextInt(300_000_000);
                for (int row = 0; row < days; row++) {
                    long open = Math.max(10_000, price + random.nextInt(2_000_001) - 1_000_000);
                    long close = Math.max(10_000, open + random.nextInt(2_000_001) - 1_000_000);
                    price = close;
                    out.write(day.plusDays(row) + "," + decimal(open) + "," + decimal(Math.max(open, close) + 5000) + ","
                            + decimal(Math.min(open, close) - 5000) + "," + decimal(close) + ","
                            + random.nextInt(90_000_000) + ",0\n");
                }
            }
        }
        Files.writeString(folder.resolve("CompanyNames/top_companies.txt"), index + "\n");
        Files.writeString(done, "");
        return folder;
    }

    private static String decimal(long millionths) {
        return millionths / 1_000_000 + "." + String.format(Locale.ROOT, "%06d", millionths % 1_000_000);
    }
}
