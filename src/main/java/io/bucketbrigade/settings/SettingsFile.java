package io.bucketbrigade.settings;

import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a {@code .properties} file, with their numbers. {@link Properties} drops a backslash without a word, so
 * {@code C:\data} becomes "C:data", and takes {@code \t} for a tab; no setting ever means that.
 */
public final class SettingsFile {
    private static final Pattern PARTS = Pattern.compile("((?:\\\\.|[^\\\\=:\\s])*)\\s*[=:]?\\s*(.*)", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:[\\\\:=#! ]|u[0-9A-Fa-f]{4})");

    private final String name;
    private final List<String> lines;
    private int next;

    /**
     * One setting.
     *
     * @param number the number of its line, from 1
     * @param value its value; if a backslash would be lost, what is written in the file
     * @param lost what would be lost; null if nothing would
     */
    public record Line(
            int number, String key, String value, @Nullable Lost lost) {}

    /**
     * A backslash that would be lost.
     *
     * @param joined the number of the line that it joins to its own; 0 if it is in the middle of a line
     */
    public record Lost(int joined) {
        /** What to do whatever the setting is. */
        public static final String ADVICE = "Double each backslash that you want to keep";

        /** The sentence about it that begins with the setting, with a blank behind it. */
        public String what() {
            return joined == 0
                    ? " has a backslash that would be lost. "
                    : " ends with a backslash, which joins line " + joined + " to it. ";
        }
    }

    private SettingsFile(String name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
    }

    /**
     * Reads a file.
     *
     * @param isSetting whether a key is that of a setting
     * @throws Problem if it can't be read
     */
    public static List<Line> read(Path file, Predicate<String> isSetting) {
        return parse(file.toString(), TextFile.read(file), isSetting);
    }

    static List<Line> parse(String name, String text, Predicate<String> isSetting) {
        SettingsFile file = new SettingsFile(name, text.startsWith("\uFEFF") ? text.substring(1) : text);
        List<Line> settings = new ArrayList<>();
        while (file.next < file.lines.size()) {
            String line = file.lines.get(file.next).stripLeading();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
                file.next++;
            } else {
                settings.add(file.setting(isSetting));
            }
        }
        return settings;
    }

    /** The setting that begins in the next line; it goes on in the line after one that ends with a backslash. */
    private Line setting(Predicate<String> isSetting) {
        int number = next + 1;
        StringBuilder text = new StringBuilder();
        Lost lost = null;
        String line = lines.get(next++).stripLeading();
        while (endsWithBackslash(line)) {
            text.append(line, 0, line.length() - 1);
            if (next == lines.size() || isSetting.test(key(lines.get(next)))) {
                lost = new Lost(next < lines.size() ? next + 1 : 0);
                line = "\\";
                break;
            }
            line = lines.get(next++).stripLeading();
        }
        text.append(line);
        if (text.indexOf("\\") < 0) {
            return plain(number, text.toString());
        }
        if (lost == null && ESCAPE.matcher(text).replaceAll("").indexOf('\\') >= 0) {
            lost = new Lost(0);
        }
        Matcher parts = PARTS.matcher(text);
        if (lost != null && parts.matches()) {
            return new Line(number, String.valueOf(parts.group(1)), String.valueOf(parts.group(2)), lost);
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text.toString()));
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(Kind.USAGE, name + ", line " + number + ", can't be read as a setting.", e);
        }
        String key = String.join("", properties.stringPropertyNames());
        return new Line(number, key, properties.getProperty(key, ""), null);
    }

    /** Most lines have no backslash, and a start has some hundred to read. */
    private static Line plain(int number, String line) {
        int end = 0;
        while (end < line.length() && "=: \t\f".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        String rest = line.substring(end).stripLeading();
        String value =
                rest.startsWith("=") || rest.startsWith(":") ? rest.substring(1).stripLeading() : rest;
        return new Line(number, line.substring(0, end), value, null);
    }

    private static boolean endsWithBackslash(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private static String key(String line) {
        Matcher parts = PARTS.matcher(line.strip());
        return parts.matches() ? String.valueOf(parts.group(1)) : "";
    }
}
