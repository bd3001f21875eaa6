import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Asks Spark what standard input says, one statement per line; lines {@code --conf NAME=VALUE} before them configure it. For each statement it
 * prints {@code == N}, then each row of the answer as text in a line of its own, or {@code !! } and what was wrong.
 */
public final class AskSpark {
    private AskSpark() {}

    public static void main(String[] none) throws Exception {
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "1");
        SparkSession spark = null;
        int count = 0;
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("--conf ")) {
                String[] setting = line.substring(7).split("=", 2);
                builder.config(setting[0], setting[1]);
                continue;
            }
            if (spark == null) {
                spark = builder.getOrCreate();
            }
            System.out.println("== " + count++);
            try {
                List<Row> rows = spark.sql(line).collectAsList();
                rows.forEach(row -> System.out.println(row.mkString("|").replace("\\", "\\\\").replace("\n", "\\n")));
            } catch (Exception e) {
                System.out.println("!! " + e.getClass().getSimpleName() + ": " + String.valueOf(e.getMessage()).split("\n")[0]);
            }
        }
        System.out.flush();
    }
}
