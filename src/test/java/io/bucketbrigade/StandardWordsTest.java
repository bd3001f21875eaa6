package io.bucketbrigade;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code, messages, page and documents use the words of the glossary in CONTRIBUTING.md, and none of those they replaced. */
class StandardWordsTest {
    private static final Path HOME = TestService.HOME;

    private static final List<String> PLACES = List.of(
            "src/main/java",
            "src/main/resources",
            "routes",
            "docs",
            "deploy",
            "templates",
            "README.md",
            "CONTRIBUTING.md",
            "ARCHITECTURE.md");

    private static final Pattern TEXT = Pattern.compile(".*\\.(java|js|css|html|yaml|sql|properties|md|csv|txt|xml)");

    /** Where a word is the right one: the column of an applied migration. */
    private static final Map<String, Pattern> ALLOWED = Map.of(
            "src/main/java/io/bucketbrigade/runs/RunDetails.java", Pattern.compile("left_out"),
            "src/main/resources/sql/run-files.sql", Pattern.compile("left_out"));

    private static final List<Rule> RULES = List.of(
            rule("(?<!dead[ -])\\bletters?\\b(?=.*\\b(?:mails?|sent|send|outbox|runs?)\\b)", "notification"),
            rule("\\b(?:mails?|sent|sends?|outbox|runs?)\\b.*\\b(?<!dead[ -])letters?\\b", "notification"),
            rule("\\btelling\\b", "notifications"),
            rule("\\b(?:is|are|was|were|gets?) told\\b", "is notified"),
            rule("\\blookouts?\\b", "input watcher"),
            rule("\\b(?:next|each|every) look\\b|\\btwo looks\\b|\\blook(?:s|ed)? at what\\b|\\blooked at\\b", "check"),
            rule("\\bsheets?\\b", "table mapping"),
            rule("\\baccounts (?:don't|do not|must) balance\\b", "row counts"),
            rule("\\bfates?\\b", "outcome"),
            rule("\\b(?:files|rows)[ _]taken\\b|\\b(?:can't|can not|cannot|could not) be taken\\b", "accepted"),
            rule("\\bleft[ _]out\\b|leftOut", "skipped, or rejected for rows"),
            rule("\\b(?:give|gives|given|gave|giving) back\\b", "released"),
            rule("\\bmend(?:s|ed|ing)?\\b", "fix"),
            rule("\\banew\\b", "again"),
            rule("\\b(?:lie|lies|lay|lying) (?:there|here|in|beside|below|outside|at|on|under)\\b", "exists, is in"),
            rule(
                    "\\b(?:stand|stands|stood|standing) (?:there|here|in|on|at|behind|before|beside|between|still)\\b",
                    "exists, is in"),
            rule(
                    "(?<!\\bthere )(?<!\\bhere )\\b(?:is|are) (?:no|none of)\\b(?! longer| more| reason| need| use)",
                    "is not a"),
            rule("\\bin no (?:accepted )?row of\\b", "does not exist in"),
            rule("\\black(?:s|ed|ing)?\\b", "is missing"),
            rule("\\b(?:is|are) there twice\\b", "is repeated"),
            rule("\\btroubles?\\b", "degraded, or problem"),
            rule("\\bpassing (?:fault|problem|failure|error)s?\\b", "transient"),
            rule("\\bcircles\\b|\\bin a circle\\b", "cycles"),
            rule("\\bstanding service\\b", "service"),
            rule("\\bfront door\\b|\\bdoor ?keeper\\b", "request gate"),
            rule("\\bawaited\\b", "wanted, or waiting for"));

    private record Rule(Pattern word, String instead) {}

    private static Rule rule(String word, String instead) {
        return new Rule(Pattern.compile(word, Pattern.CASE_INSENSITIVE), instead);
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String place : PLACES) {
            try (Stream<Path> all = Files.walk(HOME.resolve(place))) {
                all.filter(Files::isRegularFile)
                        .filter(file -> TEXT.matcher(file.toString()).matches())
                        .filter(file -> !name(file).contains("/migrations/"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static String name(Path file) {
        return HOME.relativize(file).toString();
    }

    /** What is to be said instead, for each word of a line that is not standard. */
    private static List<String> findings(String line, @Nullable Pattern allowed) {
        String checked = allowed == null ? line : allowed.matcher(line).replaceAll("");
        List<String> findings = new ArrayList<>();
        for (Rule rule : RULES) {
            Matcher word = rule.word().matcher(checked);
            if (word.find()) {
                findings.add("\"" + word.group() + "\"; say " + rule.instead());
            }
        }
        return findings;
    }

    @Test
    void every_sentence_uses_the_standard_words() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files()) {
            Pattern allowed = ALLOWED.get(name(file));
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                for (String finding : findings(line, allowed)) {
                    found.add(name(file) + ":" + number + ": " + finding);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void all_places_are_read_and_every_exception_is_needed() throws IOException {
        assertThat(files()).hasSizeGreaterThan(400);
        for (Map.Entry<String, Pattern> allowed : ALLOWED.entrySet()) {
            assertThat(Files.readString(HOME.resolve(allowed.getKey())))
                    .as(allowed.getKey())
                    .containsPattern(allowed.getValue());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            A letter about the run is sent          | notification
            Somebody is told when it fails          | is notified
            The lookout finds new files             | input watcher
            done again at the next look             | check
            a sheet says which column goes where    | table mapping
            The fate of each file                   | outcome
            3 rows taken, 1 left out                | accepted
            3 rows accepted, 1 left out             | skipped, or rejected for rows
            the run was given back                  | released
            mend the file, and it is read again     | fix
            begins anew                             | again
            what lies there is read                 | exists, is in
            the key stands in an earlier row        | exists, is in
            '2026-02-30' is no day such as          | is not a
            '9' is in no row of orders.csv          | does not exist in
            the file lacks the column user_id       | is missing
            The standing service                    | service
            waits for awaited files                 | wanted, or waiting for
            """)
    void a_word_that_is_gone_is_found(String sentence, String instead) {
        assertThat(findings(sentence, null)).anyMatch(finding -> finding.endsWith("say " + instead));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            There is no pipeline 'tides'.
            It is no longer there.
            Use lowercase letters, digits and hyphens.
            A message that can't be read goes to the dead-letter queue.
            It stands for a missing value.
            Leave it out to use the default.
            """)
    void plain_english_is_let_through(String sentence) {
        assertThat(findings(sentence, null)).isEmpty();
    }
}
