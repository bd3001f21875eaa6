package io.bucketbrigade.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs several things in turn, again and again, so that what disturbs the machine disturbs all of them. */
final class Alternating {
    private record Contender(Callable<Double> run, int repetitions) {}

    private final Map<String, Contender> contenders = new LinkedHashMap<>();

    /** Something that is timed here. */
    Alternating with(String name, int repetitions, Task task) {
        return measuring(name, repetitions, () -> {
            long start = System.nanoTime();
            task.run();
            return (System.nanoTime() - start) / 1e9;
        });
    }

    /** Something that gives its own figure. */
    Alternating measuring(String name, int repetitions, Callable<Double> task) {
        contenders.put(name, new Contender(task, repetitions));
        return this;
    }

    /** Runs all, after that many rounds that don't count; what is run only once is not warmed up. */
    Map<String, Figures> run(int warmUps) throws Exception {
        int rounds = contenders.values().stream()
                .mapToInt(Contender::repetitions)
                .max()
                .orElse(0);
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (int round = -warmUps; round < rounds; round++) {
            for (Map.Entry<String, Contender> entry : contenders.entrySet()) {
                int repetitions = entry.getValue().repetitions();
                boolean warmingUp = round < 0;
                if (warmingUp ? repetitions == 1 : round >= repetitions) {
                    continue;
                }
                double value = entry.getValue().run().call();
                if (round >= 0) {
                    values.computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
                            .add(value);
                }
            }
        }
        Map<String, Figures> figures = new LinkedHashMap<>();
        values.forEach((name, list) -> figures.put(name, new Figures(list)));
        return figures;
    }

    interface Task {
        void run() throws Exception;
    }

    interface Measured<T> {
        T run() throws Exception;
    }
}
