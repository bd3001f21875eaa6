package io.bucketbrigade.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Borders of blocks and of the window at every place of a text, against the plain twin. */
class BlockBordersTest {
    private static final String HEADER = "message_id,author_id,content\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,7,\"one, two\nthree\"\n2,8,x\n3,7,\"y\"\n",
                "1,7,\"a \"\"b\"\" c\"\n2,8,\"\"\"\"\n3,9,\"\"\"\"\"\"\n4,7,\"\"\n",
                "1,7,x\r\n2,8,\"y\r\nz\"\r\n3,7,w\r\n",
                "1,7,\"1,7,x\n2,8,y\n\"\n2,8,\"\n3,9,z\n\"\n",
                "\"\"\"\"\"\"\"\"\n\"\"\"\"\n\"\"\"\"\"\"\"\"\"\"\"\"\"\"\n",
                "\"\"\"\"\"\"\"\"\"\"\"\"\"",
                "1,\"7\",x\n2,\"8 \"\"8\"\"\",y\n3,\"a,b\nc\",z\n",
                "1,5f2b6e0c-9a41-4c1e-8f3a-2f1d0c9b8a77,x\n2,\"5f2b6e0c-9a41-4c1e-8f3a-2f1d0c9b8a77\",y\n",
                "1,7,5\" screen\n2,8,\"x\"y\n3,9,a\"\"b\n4,7\n5,,x\n6,7,x,y\n",
                "1, 7,x\n2,7 ,y\n3,\u00a07\u00a0,z\n4,\" 7 \",w\n5, \"7\",v\n6,\ufeff7,u\n7, ,t\n",
                ",,\n  \n , ,\n1,7,x\n\t\n\f,\u000b\n\"\",,\n",
                "1,7,x,\n2,8,y,\r\n3,9,z,,\n4,7,w, \n5,8,v,\"\"\n6,9,u,t\n7,7,\"s\",\n8,,r,\n9,7,q,",
                "1,7,x\nmessage_id,author_id,content\n2,author_id,y\n3,Author.ID,z\n\ufeffMessage ID,\"AUTHOR_ID\",Content,\n",
                "1,7,x\nmessage_id, \"author_id\" ,content\nmessage_id,author_id\nmessage_id,\"author\nid\",content\n"
            })
    void every_border_gives_what_the_plain_twin_counts(String rows) throws IOException {
        PlainCount plain =
                new PlainCount(HEADER + rows, 1, List.of("message_id", "author_id", "content"), HEADER.length());
        for (int blockSize = 1; blockSize <= rows.length() + 1; blockSize++) {
            for (int bytesPerRead : new int[] {1, 7, 8, 9, HEADER.length() + blockSize, Integer.MAX_VALUE}) {
                KeyCount count = KeyCountPropertyTest.count(HEADER + rows, blockSize, bytesPerRead, blockSize);
                assertThat(KeyCountPropertyTest.counts(count))
                        .as("blocks of %d, %d bytes per read", blockSize, bytesPerRead)
                        .isEqualTo(plain.counts);
                assertThat(count.rows()).isEqualTo(plain.rows);
                assertThat(count.rejects().rows()).isEqualTo(plain.rejected.size());
            }
        }
    }
}
