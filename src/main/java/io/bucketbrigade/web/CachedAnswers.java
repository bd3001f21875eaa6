package io.bucketbrigade.web;

import io.vertx.core.buffer.Buffer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of one operation from memory where it can, so that they needn't go through Camel, which takes longer than
 * all the rest of such a call. The operation's route answers the other calls, and what it answers is the same. Beans of this
 * kind are found by their type.
 */
public interface CachedAnswers {

    /** The operation's id in the contract. */
    String operation();

    /**
     * The answer, or null if the route has to give it.
     *
     * @param parameters gives the query's parameters by name, null where there is none; they are as the contract wants them
     */
    @Nullable
    Answer answer(UnaryOperator<@Nullable String> parameters);

    /** What the route would answer, with 200. One that is given more than once is copied only once. */
    final class Answer {
        private final Buffer json;
        private final String entityTag;

        /**
         * @param json the body
         * @param entityTag its version
         */
        public Answer(byte[] json, String entityTag) {
            this.json = Buffer.buffer(json);
            this.entityTag = entityTag;
        }

        Buffer json() {
            return json;
        }

        String entityTag() {
            return entityTag;
        }
    }
}
