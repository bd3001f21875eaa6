package io.bucketbrigade.tracing;

import org.apache.camel.NamedNode;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.jspecify.annotations.Nullable;

/** Names of the steps that are worth a span: those that call something. An endpoint is named without its options, which may hold keys. */
final class StepNames {
    private StepNames() {}

    /** The name of a step; null if it has no span. */
    static @Nullable String of(NamedNode step) {
        if (step instanceof BeanDefinition bean) {
            return call(bean.getRef(), bean.getMethod());
        }
        if (step instanceof ExpressionNode calculating) {
            ExpressionDefinition expression = calculating.getExpression();
            return expression instanceof MethodCallExpression method ? call(method.getRef(), method.getMethod()) : null;
        }
        if (step instanceof ToDefinition to) {
            return endpoint(String.valueOf(to.getUri()));
        }
        return step instanceof ToDynamicDefinition dynamic ? endpoint(String.valueOf(dynamic.getUri())) : null;
    }

    private static @Nullable String call(@Nullable String bean, @Nullable String method) {
        if (bean == null) {
            return null;
        }
        return method == null ? bean : bean + "." + method.replaceFirst("(?s)\\(.*", "");
    }

    private static String endpoint(String uri) {
        String address = uri.replaceFirst("\\?.*", "");
        if (address.startsWith("direct:")) {
            return address.substring("direct:".length());
        }
        return address.endsWith(".sql")
                ? address.substring(address.lastIndexOf('/') + 1)
                : address.replaceFirst(":.*", "");
    }
}
