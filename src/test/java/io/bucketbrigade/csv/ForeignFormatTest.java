package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignFormatTest {
    private static final byte[] CSV = "user_id,first_name,last_name\n1,Ana,Lima\n".getBytes(StandardCharsets.UTF_8);

    private static Header header(byte[] file) throws Exception {
        return Header.read(new MemorySource("users.csv", file, Integer.MAX_VALUE));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"user_id": 1}                         | this is JSON
            {}                                     | this is JSON
            [{"user_id": 1}]                       | this is JSON
            `\\n\\t[ [1, "Ana"] ]`                 | this is JSON
            ["user_id", "first_name"]              | this is JSON
            []                                     | this is JSON
            <?xml version="1.0"?><users/>          | this is XML
            `\\ufeff<?xml version="1.0"?><users/>` | this is XML
            <!DOCTYPE html><html>                  | this is a web page
            `\\n <HTML lang="en">`                 | this is a web page
            <table><tr><td>                        | this is a web page
            <body>                                 | this is a web page
            version https://git-lfs.github.com/spec/v1 | this is a Git LFS pointer
            {\\rtf1\\ansi                          | this is a document in RTF
            %PDF-1.7                               | this is a PDF
            `--\\n-- PostgreSQL database dump\\n--` | this is SQL
            `-- MySQL dump 10.13  Distrib 8.0\\n--` | this is SQL
            `/*M!999999\\- sandbox */;\\n-- MariaDB dump 10.19` | this is SQL
            `PRAGMA foreign_keys=OFF;\\nBEGIN TRANSACTION;` | this is SQL
            `CREATE TABLE users (\\n  user_id int`  | this is SQL
            `-- a note\\ncreate table if not exists "users"\\n(` | this is SQL
            `INSERT INTO users VALUES (1, 'Ana')`   | this is SQL
            `INSERT INTO public.users (user_id) VALUES (1)` | this is SQL
            `- user_id: 1\\n  first_name: Ana`      | this is YAML
            `---\\n- user_id: 1\\n  first_name: Ana`| this is YAML
            `# all\\nusers:\\n  - user_id: 1`       | this is YAML
            `%YAML 1.2\\n---\\nuser_id: 1\\nname: A` | this is YAML
            """)
    void a_text_of_another_format_is_told_by_name(String beginning, String words) {
        String file = beginning.replace("\\n", "\n").replace("\\t", "\t").replace("\\ufeff", "\ufeff");
        assertThatThrownBy(() -> header(file.getBytes(StandardCharsets.UTF_8))).hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({"gz, gzip", "bzip2, bzip2", "xz, xz", "zstd, Zstandard"})
    void a_compressed_file_is_told_by_name(String kind, String words) throws Exception {
        byte[] file =
                switch (kind) {
                    case "xz" -> latin1("\u00fd7zXZ\u0000\u0000\u0004");
                    case "zstd" -> latin1("(\u00b5/\u00fd\u0004X");
                    default -> compressed(kind);
                };
        assertThatThrownBy(() -> header(file)).hasMessageContaining("this is ").hasMessageContaining(words);
    }

    private static byte[] compressed(String kind) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new CompressorStreamFactory().createCompressorOutputStream(kind, bytes)) {
            out.write(CSV);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({"zip, zip archive", "tar, tar archive"})
    void an_archive_is_told_by_name(String kind, String words) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ArchiveOutputStream<ArchiveEntry> out =
                new ArchiveStreamFactory().createArchiveOutputStream(kind, bytes)) {
            TarArchiveEntry inTar = new TarArchiveEntry("users.csv");
            inTar.setSize(CSV.length);
            out.putArchiveEntry("tar".equals(kind) ? inTar : new ZipArchiveEntry("users.csv"));
            out.write(CSV);
            out.closeArchiveEntry();
        }
        assertThatThrownBy(() -> header(bytes.toByteArray())).hasMessageContaining(words);
    }

    static Stream<Arguments> bytes() {
        return Stream.of(
                arguments("7z\u00bc\u00af'\u001c\u0000\u0004", "7-Zip"),
                arguments("Rar!\u001a\u0007\u0001\u0000", "RAR"),
                arguments("SQLite format 3\u0000\u0010\u0000", "SQLite"),
                arguments("Obj\u0001\u0004\u0014", "Avro"),
                arguments("ARROW1\u0000\u0000", "Arrow"),
                arguments("\u00ff\u00ff\u00ff\u00ff\u0010", "Arrow"),
                arguments("PAR1\u0015\u0004", "Parquet"),
                arguments("ORC\u0011\u0000\u0000\n\u0006\u0012\u0004", "ORC"),
                arguments("\u0089PNG\r\n\u001a\n\u0000", "a picture (PNG)"),
                arguments("\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF", "a picture (JPEG)"),
                arguments("GIF89a\u0001", "a picture (GIF)"),
                arguments("\u00ff\u00fe\u0000\u0000u\u0000\u0000\u0000", "UTF-32"),
                arguments("\u0000\u0000\u00fe\u00ff\u0000\u0000\u0000u", "UTF-32"),
                arguments("u\u0000\u0000\u0000s\u0000\u0000\u0000", "UTF-32"),
                arguments("\u0000\u0000\u0000u\u0000\u0000\u0000s", "UTF-32"),
                arguments("\u00ff\u00feu\u0000s\u0000", "UTF-16"));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void a_file_of_bytes_is_told_by_name(String beginning, String words) {
        assertThatThrownBy(() -> header(latin1(beginning))).hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[user_id],[first_name]",
                "{user_id},{first_name}",
                "PAR1,user_id",
                "PAR1_ID,user_id",
                "BZh,user_id",
                "BZh9_user,first_name",
                "version,user_id",
                "<id>,<name>",
                "Object,user_id",
                "Rar!,user_id",
                "SQLite format,user_id",
                "7z,user_id",
                "bodyweight,tablespace",
                "ORC,user_id",
                "Orchestra,user_id",
                "GIF,PNG",
                "JFIF,user_id",
                "-- PostgreSQL,dump",
                "insert into,create table",
                "CREATE TABLE users,INSERT INTO users",
                "---,user_id",
                "- user_id,first_name",
                "user: id,first: name",
                "%YAML,user_id"
            })
    void a_header_whose_first_column_has_an_odd_name_is_a_header(String first) throws Exception {
        assertThat(header((first + "\n1,2\n").getBytes(StandardCharsets.UTF_8)).columns())
                .isEqualTo(List.of(first.split(",", -1)));
    }

    @Test
    void comments_without_end_do_not_hold_the_reader_up() throws Exception {
        String first = "/**/".repeat(200);
        assertThat(header((first + "\n1\n").getBytes(StandardCharsets.UTF_8)).columns())
                .containsExactly(first);
    }

    @Test
    void a_quoted_header_after_a_byte_order_mark_is_a_header() throws Exception {
        assertThat(header("\ufeff\"user_id\",\"name\"\n1,2\n".getBytes(StandardCharsets.UTF_8))
                        .columns())
                .containsExactly("user_id", "name");
    }
}
