package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import org.apache.camel.Body;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;

/** A company that somebody asks for. */
public final class Company {

    /**
     * What was found of it.
     *
     * @throws Problem if nothing was
     */
    public String found(@Body @Nullable Object days, @Variable("company") String company) {
        if (days instanceof String json) {
            return json;
        }
        throw new Problem(Kind.MISSING, "There is no company '" + company + "'. GET /stocks lists those there are.");
    }
}
