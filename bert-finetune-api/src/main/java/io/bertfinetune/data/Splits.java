package io.bertfinetune.data;

import io.bertfinetune.data.IndexedDataset.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The ways to cut a data set. */
final class Splits {
    private Splits() {}

    static <E> Split<E> random(IndexedDataset<E> data, double share, long seed) {
        int count = data.count();
        int train = trainCount("split", count, share);
        int[] order = Permutation.of(count, seed);
        return new Split<>(
                new Selection<>(data, Arrays.copyOf(order, train)),
                new Selection<>(data, Arrays.copyOfRange(order, train, count)));
    }

    static <E> Split<E> stratified(IndexedDataset<E> data, Function<? super E, ?> key, double share, long seed) {
        int count = data.count();
        int train = trainCount("splitBy", count, share);
        int[] strata = groups(data, key);
        int[] quotas = largestRemainder(sizes(strata), share, train);

        boolean[] inTrain = new boolean[count];
        int[] order = Permutation.of(count, seed);
        for (int index : order) {
            inTrain[index] = quotas[strata[index]]-- > 0;
        }
        return parts(data, order, inTrain);
    }

    static <E> Split<E> grouped(IndexedDataset<E> data, Function<? super E, ?> key, double share, long seed) {
        int count = data.count();
        requireShare("splitGrouped", share);
        int[] groups = groups(data, key);
        int[] sizes = sizes(groups);
        if (sizes.length < 2) {
            throw new IllegalArgumentException("splitGrouped: the key has " + sizes.length + " value over " + count
                    + " elements, expected at least two; with one there is nothing to put on the other side");
        }

        boolean[] groupInTrain = wholeGroups(sizes, share * count, seed);
        boolean[] inTrain = new boolean[count];
        for (int index = 0; index < count; index++) {
            inTrain[index] = groupInTrain[groups[index]];
        }
        return parts(data, IntStream.range(0, count).toArray(), inTrain);
    }

    static <E> List<Split<E>> folds(IndexedDataset<E> data, int k, long seed) {
        int count = data.count();
        requireFolds("folds", k, count, "elements");
        int[] order = Permutation.of(count, seed);
        List<Split<E>> folds = new ArrayList<>();
        for (int fold = 0; fold < k; fold++) {
            int from = (int) ((long) fold * count / k);
            int to = (int) ((fold + 1L) * count / k);
            int[] train = IntStream.concat(Arrays.stream(order, 0, from), Arrays.stream(order, to, count))
                    .toArray();
            folds.add(new Split<>(
                    new Selection<>(data, train), new Selection<>(data, Arrays.copyOfRange(order, from, to))));
        }
        return List.copyOf(folds);
    }

    static <E> List<Split<E>> stratifiedFolds(IndexedDataset<E> data, Function<? super E, ?> key, int k, long seed) {
        int count = data.count();
        requireFolds("foldsBy", k, count, "elements");
        int[] strata = groups(data, key);
        int[] order = Permutation.of(count, seed);

        // dealt out like cards, one stratum after the other
        int[] sizes = sizes(strata);
        int[] firsts = new int[sizes.length];
        for (int stratum = 1; stratum < firsts.length; stratum++) {
            firsts[stratum] = firsts[stratum - 1] + sizes[stratum - 1];
        }
        int[] foldOf = new int[count];
        for (int index : order) {
            foldOf[index] = firsts[strata[index]]++ % k;
        }
        return folds(data, order, foldOf, k);
    }

    static <E> List<Split<E>> groupedFolds(IndexedDataset<E> data, Function<? super E, ?> key, int k, long seed) {
        int[] groups = groups(data, key);
        int[] sizes = sizes(groups);
        requireFolds("foldsGrouped", k, sizes.length, "groups");
        List<Integer> largestFirst =
                new ArrayList<>(IntStream.range(0, sizes.length).boxed().toList());
        Collections.shuffle(largestFirst, new Random(seed));
        largestFirst.sort(Comparator.comparingInt(group -> -sizes[group]));

        int[] foldOfGroup = new int[sizes.length];
        int[] filled = new int[k];
        for (int group : largestFirst) {
            int least = 0;
            for (int fold = 1; fold < k; fold++) {
                least = filled[fold] < filled[least] ? fold : least;
            }
            foldOfGroup[group] = least;
            filled[least] += sizes[group];
        }
        int[] foldOf = Arrays.stream(groups).map(group -> foldOfGroup[group]).toArray();
        return folds(data, IntStream.range(0, groups.length).toArray(), foldOf, k);
    }

    private static <E> List<Split<E>> folds(IndexedDataset<E> data, int[] order, int[] foldOf, int k) {
        List<Split<E>> folds = new ArrayList<>();
        for (int fold = 0; fold < k; fold++) {
            boolean[] inTrain = new boolean[foldOf.length];
            for (int index = 0; index < foldOf.length; index++) {
                inTrain[index] = foldOf[index] != fold;
            }
            folds.add(parts(data, order, inTrain));
        }
        return List.copyOf(folds);
    }

    private static void requireFolds(String method, int k, int most, String what) {
        if (k < 2 || k > most) {
            throw new IllegalArgumentException(
                    method + ": k is " + k + ", expected 2 to " + most + ", the number of " + what);
        }
    }

    private static int trainCount(String method, int count, double share) {
        requireShare(method, share);
        int train = (int) Math.round(share * count);
        if (train == 0 || train == count) {
            throw new IllegalArgumentException(method + ": a share of " + share + " of " + count
                    + " elements leaves none for " + (train == 0 ? "training" : "evaluation"));
        }
        return train;
    }

    private static void requireShare(String method, double share) {
        if (!(share > 0 && share < 1)) {
            throw new IllegalArgumentException(
                    method + ": share is " + share + ", expected a number between 0 and 1, the share for training");
        }
    }

    /** The group of each element; groups are numbered as they first appear. */
    private static <E> int[] groups(IndexedDataset<E> data, Function<? super E, ?> key) {
        Map<Object, Integer> numbers = new LinkedHashMap<>();
        int[] groups = new int[data.count()];
        for (int index = 0; index < groups.length; index++) {
            Integer next = numbers.size();
            Integer known = numbers.putIfAbsent(key.apply(data.get(index)), next);
            groups[index] = known == null ? next : known;
        }
        return groups;
    }

    private static int[] sizes(int[] groups) {
        int[] sizes = new int[Arrays.stream(groups).max().orElse(-1) + 1];
        for (int group : groups) {
            sizes[group]++;
        }
        return sizes;
    }

    /** Whole numbers near {@code share * size} that add up to {@code total}: Hamilton's method. */
    private static int[] largestRemainder(int[] sizes, double share, int total) {
        int[] quotas = Arrays.stream(sizes).map(size -> (int) (share * size)).toArray();
        int left = total - Arrays.stream(quotas).sum();
        IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.comparingDouble(group -> quotas[group] - share * sizes[group]))
                .limit(left)
                .toList()
                .forEach(group -> quotas[group]++);
        return quotas;
    }

    /** Groups in random order, each taken if that brings the sum nearer to {@code target}; some, but not all. */
    private static boolean[] wholeGroups(int[] sizes, double target, long seed) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, sizes.length).boxed().toList());
        Collections.shuffle(order, new Random(seed));

        boolean[] taken = new boolean[sizes.length];
        int sum = 0;
        for (int group : order) {
            if (Math.abs(sum + sizes[group] - target) < Math.abs(sum - target)) {
                taken[group] = true;
                sum += sizes[group];
            }
        }
        int smallest = Collections.min(order, Comparator.comparingInt(group -> sizes[group]));
        if (sum == 0) {
            taken[smallest] = true;
        } else if (sum == Arrays.stream(sizes).sum()) {
            taken[smallest] = false;
        }
        return taken;
    }

    private static <E> Split<E> parts(IndexedDataset<E> data, int[] order, boolean[] inTrain) {
        return new Split<>(
                new Selection<>(
                        data, Arrays.stream(order).filter(i -> inTrain[i]).toArray()),
                new Selection<>(
                        data, Arrays.stream(order).filter(i -> !inTrain[i]).toArray()));
    }
}
