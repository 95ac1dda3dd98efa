package dev.wsroute.e2e.cluster.api.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The functions that Kubernetes adds to CEL, as far as rules of custom resources commonly use them. */
final class KubernetesFunctions {

    static final List<CelFunctionDecl> DECLARATIONS = List.of(
            global("quantity", CelOverloadDecl.newGlobalOverload("k8s_quantity", SimpleType.DOUBLE, SimpleType.STRING)),
            global(
                    "isQuantity",
                    CelOverloadDecl.newGlobalOverload("k8s_is_quantity", SimpleType.BOOL, SimpleType.STRING)),
            global(
                    "isGreaterThan",
                    CelOverloadDecl.newMemberOverload(
                            "k8s_greater", SimpleType.BOOL, SimpleType.DOUBLE, SimpleType.DOUBLE)),
            global(
                    "isLessThan",
                    CelOverloadDecl.newMemberOverload(
                            "k8s_less", SimpleType.BOOL, SimpleType.DOUBLE, SimpleType.DOUBLE)),
            global(
                    "compareTo",
                    CelOverloadDecl.newMemberOverload(
                            "k8s_compare", SimpleType.INT, SimpleType.DOUBLE, SimpleType.DOUBLE)),
            global("isURL", CelOverloadDecl.newGlobalOverload("k8s_is_url", SimpleType.BOOL, SimpleType.STRING)),
            global("isIP", CelOverloadDecl.newGlobalOverload("k8s_is_ip", SimpleType.BOOL, SimpleType.STRING)),
            global("isCIDR", CelOverloadDecl.newGlobalOverload("k8s_is_cidr", SimpleType.BOOL, SimpleType.STRING)),
            global(
                    "find",
                    CelOverloadDecl.newMemberOverload(
                            "k8s_find", SimpleType.STRING, SimpleType.STRING, SimpleType.STRING)),
            global(
                    "isSorted",
                    CelOverloadDecl.newMemberOverload(
                            "k8s_is_sorted", SimpleType.BOOL, ListType.create(SimpleType.DYN))));

    static final List<CelFunctionBinding> BINDINGS = List.of(
            CelFunctionBinding.from("k8s_quantity", String.class, KubernetesFunctions::quantity),
            CelFunctionBinding.from("k8s_is_quantity", String.class, KubernetesFunctions::isQuantity),
            CelFunctionBinding.from("k8s_greater", Double.class, Double.class, (a, b) -> a > b),
            CelFunctionBinding.from("k8s_less", Double.class, Double.class, (a, b) -> a < b),
            CelFunctionBinding.from("k8s_compare", Double.class, Double.class, (a, b) -> (long) Double.compare(a, b)),
            CelFunctionBinding.from("k8s_is_url", String.class, text -> Formats.accepts("uri", text)),
            CelFunctionBinding.from(
                    "k8s_is_ip", String.class, text -> Formats.accepts("ipv4", text) || Formats.accepts("ipv6", text)),
            CelFunctionBinding.from("k8s_is_cidr", String.class, text -> Formats.accepts("cidr", text)),
            CelFunctionBinding.from("k8s_find", String.class, String.class, KubernetesFunctions::find),
            CelFunctionBinding.from("k8s_is_sorted", List.class, KubernetesFunctions::isSorted));

    private KubernetesFunctions() {}

    private static CelFunctionDecl global(String name, CelOverloadDecl overload) {
        return CelFunctionDecl.newFunctionDeclaration(name, overload);
    }

    private static Object quantity(String text) {
        return Quantity.getAmountInBytes(new Quantity(text)).doubleValue();
    }

    private static Object isQuantity(String text) {
        return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+|[numkMGTPE]|[KMGTPE]i)?");
    }

    private static Object find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? matcher.group() : "";
    }

    private static Object isSorted(List<?> list) {
        for (int i = 1; i < list.size(); i++) {
            boolean ordered = inOrder(list.get(i - 1), list.get(i));
            if (!ordered) {
                return false;
            }
        }
        return true;
    }

    private static boolean inOrder(Object before, Object after) {
        if (before instanceof String one && after instanceof String other) {
            return one.compareTo(other) <= 0;
        }
        return before instanceof Number one
                && after instanceof Number other
                && one.doubleValue() <= other.doubleValue();
    }
}
