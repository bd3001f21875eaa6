package io.bucketbrigade.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearNamesTest {
    @ParameterizedTest
    @CsvSource({
        "messages.csv, Messages.csv",
        "messages.csv, messages.CSV",
        "messages.csv, mesages.csv",
        "messages.csv, message.csv",
        "messages.csv, messages.txt",
        "messages.csv, messages",
        "users.csv, users (1).csv",
        "users.csv, users.csv.csv",
        "users.csv, users.csv.gz",
        "users.csv, users.xlsx",
        "users.csv, users - Copy.csv",
        "users.csv, Copy of users.csv",
        "users.csv, users_2026-11-25.csv",
        "users.csv, user.csv",
        "shipment_deliveries.csv, Shipment Deliveries.csv",
        "shipment_deliveries.csv, shipmentdeliveries.csv",
        ".SUCCESS, _SUCCESS",
        ".SUCCESS, .success",
        ".SUCCESS, SUCCESS.txt"
    })
    void a_name_that_may_be_meant_is_near(String wanted, String name) {
        assertThat(NearNames.isNear(wanted, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "messages.csv, users.csv",
        "messages.csv, .messages.csv.17.part",
        "users.csv, superusers.csv",
        "users.csv, 2026.csv",
        "orders.csv, reviews.csv",
        "messages.csv, messages.csv"
    })
    void another_file_is_not(String wanted, String name) {
        assertThat(NearNames.isNear(wanted, name)).isFalse();
    }

    @Test
    void the_hint_names_files_but_neither_folders_nor_other_wanted_files(@TempDir Path folder) throws IOException {
        Location location = new Folder(folder);
        List<String> wanted = List.of("orders.csv", "dim_orders.csv");
        Files.writeString(folder.resolve("dim_orders.csv"), "");
        Files.createDirectory(folder.resolve("orders"));
        assertThat(NearNames.hint(location, "orders.csv", wanted)).isEmpty();

        Files.writeString(folder.resolve("Orders (1).csv"), "");
        assertThat(NearNames.hint(location, "orders.csv", wanted))
                .isEqualTo("Orders (1).csv is there: if that is the right file, rename it to orders.csv");

        Files.writeString(folder.resolve("orders.csv.csv"), "");
        assertThat(NearNames.hint(location, "orders.csv", wanted))
                .isEqualTo(
                        "Orders (1).csv and orders.csv.csv are there: if one of them is the right file, rename it to orders.csv");
    }

    @Test
    void what_is_no_text_is_not_to_be_renamed(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("orders.xlsx"), "");
        assertThat(NearNames.hint(new Folder(folder), "orders.csv", List.of()))
                .isEqualTo("orders.xlsx is there: if that is the right file, provide its rows as orders.csv");
    }

    @Test
    void a_name_that_looks_the_same_is_explained_by_the_way_its_characters_are_encoded(@TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("pre\u0301visions.csv"), "");
        for (int copy = 1; copy <= 4; copy++) {
            Files.writeString(folder.resolve("pre\u0301visions (" + copy + ").csv"), "");
        }
        assertThat(NearNames.hint(new Folder(folder), "pr\u00e9visions.csv", List.of()))
                .isEqualTo(
                        "pre\u0301visions.csv is there, which looks the same but is encoded in another way (Unicode NFD, as"
                                + " macOS writes names): if that is the right file, rename it to pr\u00e9visions.csv");
        assertThat(NearNames.isNear("pre\u0301visions.csv", "Pr\u00e9visions (1).csv"))
                .isTrue();
    }

    @Test
    void a_folder_of_that_name_is_told_with_what_is_in_it(@TempDir Path folder) throws IOException {
        Location location = new Folder(folder);
        Path messages = Files.createDirectory(folder.resolve("messages.csv"));
        assertThat(NearNames.hint(location, "messages.csv", List.of()))
                .isEqualTo("messages.csv is a folder there, and a file is needed");
        for (String name : List.of("part-00000-4f.csv", "part-00001-4f.csv", "_SUCCESS", "._SUCCESS.crc")) {
            Files.writeString(messages.resolve(name), "");
        }
        assertThat(NearNames.hint(location, "messages.csv", List.of()))
                .isEqualTo(
                        "messages.csv is a folder there, with _SUCCESS, part-00000-4f.csv and part-00001-4f.csv in it, and a"
                                + " file is needed: put its rows there as one file with one header (Spark writes a single part after coalesce(1))");
        Files.writeString(messages.resolve("part-00002-4f.csv"), "");
        assertThat(NearNames.hint(location, "messages.csv", List.of()))
                .contains("with _SUCCESS, part-00000-4f.csv, part-00001-4f.csv and 1 more in it");
    }

    @Test
    void no_folder_has_no_hint(@TempDir Path folder) throws IOException {
        assertThat(NearNames.hint(new Folder(folder.resolve("none")), "orders.csv", List.of()))
                .isEmpty();
    }
}
