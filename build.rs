//! Compiles again when a file is added to a folder that goes into the program as a whole.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=static");
    println!("cargo:rerun-if-changed=extension");
    println!("cargo:rerun-if-changed=demo/sources");
}
