package io.bucketbrigade.runs;

/**
 * A moment at which no batch of uploaded files was being put in place. What is listed after it, and claimed while it still
 * holds, is not half a
 * batch.
 *
 * @param location the folder or bucket
 * @param generation the newest generation among its batches; another one means that a batch has been at work since
 */
public record BetweenBatches(String location, long generation) {}
