// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.cluster.api.schema;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/** The functions of Kubernetes for CEL that rules of custom resources commonly use. */
final class KubernetesFunctions {

    static final List<CelFunctionDecl> DECLARATIONS = List.of(
            global("isIP", CelOverloadDecl.newGlobalOverload("k8s_is_ip", SimpleType.BOOL, SimpleType.STRING)),
            global("isCIDR", CelOverloadDecl.newGlobalOverload("k8s_is_cidr", SimpleType.BOOL, SimpleType.STRING)));

    static final List<CelFunctionBinding> BINDINGS = List.of(
            CelFunctionBinding.from(
                    "k8s_is_ip", String.class, text -> Formats.accepts("ipv4", text) || Formats.accepts("ipv6", text)),
            CelFunctionBinding.from("k8s_is_cidr", String.class, text -> Formats.accepts("cidr", text)));

    private KubernetesFunctions() {}

    private static CelFunctionDecl global(String name, CelOverloadDecl overload) {
        return CelFunctionDecl.newFunctionDeclaration(name, overload);
    }
}
