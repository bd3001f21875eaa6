package io.bucketbrigade.settings;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Says what is wrong with settings. Everything that starts the service, the commands and doctor ask here, and only here. */
public final class SettingsCheck {
    private SettingsCheck() {}

    /**
     * What is wrong with any setting.
     *
     * @return a sentence for each, by its key; a setting that is wrong only because it refers to a wrong one is not reported
     */
    public static SortedMap<String, String> wrong(Settings settings) {
        return wrong(settings, key -> true);
    }

    /**
     * Checks all settings.
     *
     * @throws Problem if any can't be used; it names all of those, one per line
     */
    public static void require(Settings settings) {
        refuse(wrong(settings));
    }

    /** What is wrong with the settings that a command uses: those of some pipelines, and those that belong to none. */
    public static SortedMap<String, String> wrong(Settings settings, Collection<String> pipelines) {
        return wrong(
                settings,
                key -> settings.pipelineOf(key).map(pipelines::contains).orElse(true));
    }

    /**
     * Checks the settings that a command uses: those of some pipelines, and those that belong to none.
     *
     * @throws Problem if any can't be used; it names all of those, one per line
     */
    public static void require(Settings settings, Collection<String> pipelines) {
        refuse(wrong(settings, pipelines));
    }

    /** The settings of pipelines that don't declare what their values must be; a sentence for each. */
    public static List<String> withoutKind(Settings settings) {
        return settings.all().values().stream()
                .filter(setting -> !settings.hasKind(setting.key()) && !settings.isShared(setting.key()))
                .filter(setting -> !settings.unreadable().containsKey("kind." + setting.key()))
                .map(setting -> setting.name() + " has no kind, so its value is not checked. Add a line such as kind."
                        + setting.key() + "=text.")
                .toList();
    }

    private static void refuse(SortedMap<String, String> wrong) {
        if (!wrong.isEmpty()) {
            throw new Problem(Kind.USAGE, String.join("\n", wrong.values()));
        }
    }

    private static SortedMap<String, String> wrong(Settings settings, Predicate<String> concerned) {
        SortedMap<String, String> wrong = new TreeMap<>(settings.unreadable());
        wrong.keySet().removeIf(key -> !concerned.test(key));
        settings.all().forEach((key, setting) -> {
            if (concerned.test(key) && !wrong.containsKey(key)) {
                try {
                    check(settings, setting);
                } catch (Problem problem) {
                    String sentence = problem.sentence();
                    boolean named = sentence.startsWith(Settings.variable(key));
                    wrong.put(key, named ? sentence : setting.name() + ": " + sentence);
                }
            }
        });
        TreeMap<String, String> causes = new TreeMap<>(wrong);
        causes.keySet().removeIf(key -> !settings.unreadable().containsKey(key) && refersTo(settings, key, wrong));
        return causes;
    }

    private static boolean refersTo(Settings settings, String key, SortedMap<String, String> wrong) {
        return settings.references(key).stream().anyMatch(other -> settings.dependsOn(other, wrong.keySet()));
    }

    private static void check(Settings settings, Setting setting) {
        String value = settings.text(setting.key());
        SettingKind kind = settings.kind(setting.key());
        // A test has checked the defaults that come with the program, and a start need not.
        if (settings.isShared(setting.key()) && setting.hasDefault() && !(kind instanceof PlaceKind)) {
            return;
        }
        int invalid = firstInvalid(kind.mayHaveLines() ? value.replaceAll("[\\r\\n\\t]", " ") : value);
        if (invalid >= 0) {
            throw new Problem(
                    Kind.USAGE,
                    String.format(
                            "%s contains an invalid character, U+%04X, at position %d. Remove it.",
                            setting.name(), value.codePointAt(invalid), invalid + 1));
        }
        if (!value.isEmpty()) {
            kind.check(setting.name(), value, settings);
        } else if (!setting.standard().isBlank()) {
            throw new Problem(
                    Kind.USAGE,
                    setting.name() + " is blank; it must be " + kind.wanted() + ". Leave it out to use the default.");
        }
    }

    /** Where the first control character is, or half of a character beyond U+FFFF; -1 if there is none. */
    private static int firstInvalid(String value) {
        for (int at = 0; at < value.length(); at = value.offsetByCodePoints(at, 1)) {
            int type = Character.getType(value.codePointAt(at));
            if (type == Character.CONTROL || type == Character.SURROGATE) {
                return at;
            }
        }
        return -1;
    }
}
