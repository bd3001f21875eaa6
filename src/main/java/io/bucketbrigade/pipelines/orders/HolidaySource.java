package io.bucketbrigade.pipelines.orders;

import de.focus_shift.jollyday.core.CalendarHierarchy;
import de.focus_shift.jollyday.core.Holiday;
import de.focus_shift.jollyday.core.HolidayManager;
import de.focus_shift.jollyday.core.HolidayType;
import de.focus_shift.jollyday.core.ManagerParameters;
import io.bucketbrigade.files.BucketName;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Year;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The kind of the setting that says which days are public holidays: a country's code, such as US, that of a part of one, such as
 * DE-BY, or a file that lists them.
 */
public final class HolidaySource implements SettingKind {
    private static final String SETTING = "ORDERS_HOLIDAYS";
    private static final String CODE = "[A-Za-z]{2}(-[A-Za-z0-9]+)*";

    @Override
    public String wanted() {
        return "a country such as US, a part of one such as DE-BY, or a file with a date such as 2026-12-25 in each line";
    }

    /** A file in a bucket is first read when it is needed. */
    @Override
    public void check(String name, String value, Settings settings) {
        if (isCode(value)) {
            checkCode(name, value);
        } else if (BucketName.find(value).isEmpty()) {
            Path file = FilePaths.of(value);
            if (Files.isDirectory(file) || !Files.isReadable(file)) {
                throw Values.wrong(name, value, wanted() + "; there is no such file", null);
            }
            days(value, TextFile.read(file));
        }
    }

    /** Whether a value is meant as a code. */
    static boolean isCode(String value) {
        return value.matches(CODE);
    }

    private static void checkCode(String name, String code) {
        Set<String> countries = new TreeSet<>(HolidayManager.getSupportedCalendarCodes());
        countries.removeIf(known -> known.length() != 2);
        List<String> parts = parts(code);
        if (!countries.contains(parts.get(0).toUpperCase(Locale.ROOT))) {
            throw new Problem(
                    Kind.USAGE,
                    name + " is '" + code + "', but the holidays of this country are not known. Known countries are "
                            + String.join(", ", countries)
                            + "; or name a file with a date such as 2026-12-25 in each line.");
        }
        if (parts.size() == 1) {
            return;
        }
        CalendarHierarchy place = manager(parts).getCalendarHierarchy();
        String outer = parts.get(0).toUpperCase(Locale.ROOT);
        for (String part : parts.subList(1, parts.size())) {
            CalendarHierarchy inner = place.getChildren().get(part);
            if (inner == null) {
                throw noSuchPart(name, code, outer, place.getChildren().keySet());
            }
            place = inner;
            outer += "-" + part.toUpperCase(Locale.ROOT);
        }
    }

    private static Problem noSuchPart(String name, String code, String outer, Collection<String> known) {
        String others = String.join(", ", new TreeSet<>(known)).toUpperCase(Locale.ROOT);
        return new Problem(
                Kind.USAGE,
                name + " is '" + code + "', but the holidays of this part of " + outer + " are not known. "
                        + (others.isEmpty() ? "Write " + outer + "." : "Known parts are " + others + "."));
    }

    private static List<String> parts(String code) {
        return List.of(code.toLowerCase(Locale.ROOT).split("-", -1));
    }

    private static HolidayManager manager(List<String> parts) {
        return HolidayManager.getInstance(ManagerParameters.create(parts.get(0)));
    }

    /** The public holidays of a country, or of a part of one, in some years. */
    static Set<LocalDate> days(String code, List<Integer> years) {
        List<String> parts = parts(code);
        String[] region = parts.subList(1, parts.size()).toArray(String[]::new);
        Set<LocalDate> days = new TreeSet<>();
        for (int year : years) {
            for (Holiday holiday : manager(parts).getHolidays(Year.of(year), region)) {
                if (holiday.getType() == HolidayType.PUBLIC_HOLIDAY) {
                    days.add(holiday.getDate());
                }
            }
        }
        return days;
    }

    /**
     * The days that a file lists.
     *
     * @param file its name, for messages
     * @throws Problem if a line is not a date
     */
    static Set<LocalDate> days(String file, String text) {
        Set<LocalDate> days = new TreeSet<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String day = line.replaceFirst("#.*", "").strip();
            try {
                if (!day.isEmpty()) {
                    days.add(LocalDate.parse(day));
                }
            } catch (DateTimeException none) {
                throw new Problem(
                        Kind.INPUT,
                        SETTING + " names " + file + "; in line " + number + ", '" + day
                                + "' is not a date such as 2026-12-25.",
                        file,
                        number,
                        null,
                        none);
            }
        }
        return days;
    }
}
