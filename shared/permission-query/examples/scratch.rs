fn main() {
    for line in std::io::stdin().lines() {
        let line = line.unwrap();
        let (t, q) =
            if let Some(q) = line.strip_prefix("T ") { (true, q) } else { (false, &*line) };
        let p = if t {
            permission_query::Query::parse_template(q)
        } else {
            permission_query::Query::parse(q)
        };
        println!("\n{line}");
        match p {
            Err(e) => println!("  ERR {:?} {e}", e.span),
            Ok(p) => {
                for f in p.findings() {
                    println!(
                        "  {} {:?} `{}`\n     {}\n     -> {}",
                        f.kind.code(),
                        f.span,
                        &q[f.span.clone()],
                        f.message,
                        f.rewrite.as_deref().unwrap_or("-")
                    )
                }
            }
        }
    }
}
