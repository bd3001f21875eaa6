package io.bucketbrigade.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class WholeGzipStreamTest {
    private static byte[] packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] together(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }

    private static String unpacked(byte[] bytes) throws IOException {
        try (WholeGzipStream stream = new WholeGzipStream(new ByteArrayInputStream(bytes), 65_536)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void several_members_are_one_text() throws Exception {
        assertThat(unpacked(together(packed("a\n"), packed("b\n")))).isEqualTo("a\nb\n");
        assertThat(unpacked(packed("a\n"))).isEqualTo("a\n");
    }

    @Test
    void a_second_member_that_is_cut_or_damaged_at_its_header_is_not_taken_for_the_end() throws Exception {
        byte[] damaged = packed("b\n");
        damaged[1] = (byte) 0x8c;
        for (byte[] second : new byte[][] {Arrays.copyOf(packed("b\n"), 5), damaged, new byte[512]}) {
            assertThatThrownBy(() -> unpacked(together(packed("a\n"), second))).isInstanceOf(ZipException.class);
        }
    }
}
